import { useState } from 'preact/hooks'
import { agentTexts } from '../../agent/texts'
import { api } from '../../app/services'
import type { BoardAgent, Presence } from '../../api/types'
import { faultOf } from '../../i18n/faults'
import { terms } from '../../i18n/terms'
import { Field } from '../../ui/field'
import { FormDialog } from '../../ui/form-dialog'
import { toast } from '../../ui/toast'
import { useAction } from '../../ui/use-action'
import { supervisorTexts } from '../texts'

/** Says in an agent's place whether calls come: for who went without a word, or is back. */
export function PresenceDialog({ agent, onClose }: { agent: BoardAgent; onClose: () => void }) {
  const t = supervisorTexts.value.presence
  const [presence, setPresence] = useState(agent.presence)
  const [reason, setReason] = useState('')
  const action = useAction()
  const paused = presence === 'paused'
  const complete = paused ? reason.trim() !== '' : presence !== agent.presence

  async function submit() {
    const body = paused ? { presence, reason: reason.trim() } : { presence }
    if (!(await action.run(() => api.post(`/v1/agents/${agent.id}/presence`, body)))) return
    toast(t.done(agent.id, terms.value.presence[presence]))
    onClose()
  }

  return (
    <FormDialog title={t.title(agent.id)} lead={agent.reserved ? t.inCall : t.lead} ready={complete} action={action} onSave={submit} onClose={onClose}>
      <Field label={t.presence} fault={faultOf(action.failure, 'presence')}>
        {(control) => (
          <select {...control} name="presence" value={presence} onChange={(event) => setPresence(event.currentTarget.value as Presence)}>
            {(['ready', 'paused', 'offline'] as const).map((one) => <option key={one} value={one}>{terms.value.presence[one]}</option>)}
          </select>
        )}
      </Field>
      {paused && (
        <Field label={agentTexts.value.presence.reason} hint={t.reasonHint} fault={faultOf(action.failure, 'reason')}>
          {(control) => (
            <input {...control} name="reason" list="presence-reasons" autocomplete="off" maxLength={100} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
          )}
        </Field>
      )}
      <datalist id="presence-reasons">{agentTexts.value.presence.reasons.map((known) => <option key={known} value={known} />)}</datalist>
    </FormDialog>
  )
}
