import { useState } from 'preact/hooks'
import { api } from '../app/services'
import type { Agent } from '../api/types'
import { faultOf } from '../i18n/faults'
import { Field } from '../ui/field'
import { FormDialog } from '../ui/form-dialog'
import { toast } from '../ui/toast'
import { useAction } from '../ui/use-action'
import { useSystem } from './data'
import type { RecordDialogProps } from './record-list'
import { adminTexts } from './texts'

/** Adds an agent, or changes where one is reached. */
export function AgentDialog({ record: agent, onDone, onClose }: RecordDialogProps<Agent>) {
  const t = adminTexts.value.agents
  const system = useSystem()
  const [draft, setDraft] = useState({ id: agent?.id ?? '', endpoint: agent?.endpoint ?? 'PJSIP/', switch: agent?.switch ?? '', specialisation: agent?.specialisation ?? '' })
  const action = useAction()
  const change = (part: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...part }))
  const fault = (field: string) => faultOf(action.failure, field)

  async function submit() {
    const { id, specialisation, ...record } = draft
    const saved = await action.run(() => api.put(`/v1/agents/${encodeURIComponent(id)}`, specialisation ? { ...record, specialisation } : record))
    if (!saved) return
    toast(t.saved(id))
    onDone()
  }

  return (
    <FormDialog title={agent ? t.changeTitle(agent.id) : t.add} ready={draft.id !== ''} action={action} onSave={submit} onClose={onClose}>
      {!agent && (
        <Field label={t.id} hint={t.idHint} fault={fault('id')}>
          {(control) => <input {...control} name="id" autocomplete="off" autocapitalize="none" spellcheck={false} value={draft.id} onInput={(event) => change({ id: event.currentTarget.value })} />}
        </Field>
      )}
      <Field label={t.endpoint} hint={t.endpointHint} fault={fault('endpoint')}>
        {(control) => <input {...control} name="endpoint" autocomplete="off" spellcheck={false} value={draft.endpoint} onInput={(event) => change({ endpoint: event.currentTarget.value })} />}
      </Field>
      <Field label={t.atSwitch} fault={fault('switch')}>
        {(control) => (
          <select {...control} name="switch" value={draft.switch} onChange={(event) => change({ switch: event.currentTarget.value })}>
            <option value="">–</option>
            {(system.data.value?.switches ?? []).map(({ name }) => <option key={name} value={name}>{name}</option>)}
          </select>
        )}
      </Field>
      <Field label={t.specialisation} hint={t.optional} fault={fault('specialisation')}>
        {(control) => <input {...control} name="specialisation" autocomplete="off" value={draft.specialisation} onInput={(event) => change({ specialisation: event.currentTarget.value })} />}
      </Field>
    </FormDialog>
  )
}
