import { useState } from 'preact/hooks'
import { CallbackFields, callbackOf } from '../../agent/call/callback'
import { emptyDraft, outcomeKeys } from '../../agent/call/outcome-draft'
import { api, clock, workingTime } from '../../app/services'
import type { Outcome, State } from '../../api/types'
import { faultOf } from '../../i18n/faults'
import { terms } from '../../i18n/terms'
import { Field } from '../../ui/field'
import { FormDialog } from '../../ui/form-dialog'
import { toast } from '../../ui/toast'
import { useAction } from '../../ui/use-action'
import { supervisorTexts } from '../texts'
import type { DialogProps } from './decide-dialogs'

/** Puts in the outcome that nobody confirmed. */
export function OutcomeDialog({ id, attempt: present, onDone, onClose }: DialogProps & { attempt: number }) {
  const t = supervisorTexts.value.decisions
  const [attempt] = useState(present) // another one may come while the dialog is open
  const [draft, setDraft] = useState(emptyDraft)
  const action = useAction()
  const callback = draft.code === 'callback' ? callbackOf(draft, workingTime.value, clock.now.value) : undefined

  async function send() {
    const body: Record<string, unknown> = { code: draft.code, attempt }
    if (draft.note.trim()) body.note = draft.note.trim()
    if (callback?.at) body.callback_at = callback.at
    await action.run(async () => {
      const after = await api.post<State>(`/v1/follow-ups/${id}/outcome`, body)
      toast(t.outcomeDone)
      onDone(after)
    })
  }

  return (
    <FormDialog title={t.outcomeTitle} lead={t.outcomeLead} ready={draft.code !== undefined && !callback?.fault} action={action} onSave={send} onClose={onClose}>
      <Field label={t.outcomeLabel}>
        {(control) => (
          <select {...control} name="outcome" value={draft.code ?? ''} onChange={(event) => setDraft({ ...draft, code: (event.currentTarget.value || undefined) as Outcome | undefined })}>
            <option value="">{supervisorTexts.value.fields.choose}</option>
            {Object.values(outcomeKeys).map((code) => <option key={code} value={code}>{terms.value.outcome[code]}</option>)}
          </select>
        )}
      </Field>
      {draft.code === 'callback' && (
        <CallbackFields draft={draft} fault={faultOf(action.failure, 'callback_at') ?? callback?.fault} onChange={(part) => setDraft((before) => ({ ...before, ...part }))} />
      )}
      <Field label={t.note} fault={faultOf(action.failure, 'note')}>
        {(control) => <textarea {...control} name="note" maxLength={2000} value={draft.note} onInput={(event) => setDraft({ ...draft, note: event.currentTarget.value })} />}
      </Field>
    </FormDialog>
  )
}
