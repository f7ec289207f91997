import { useState } from 'preact/hooks'
import { CallbackFields, callbackOf } from '../../agent/call/callback'
import { emptyDraft, outcomeKeys } from '../../agent/call/outcome-draft'
import { api, clock, workingTime } from '../../app/services'
import type { Outcome, State } from '../../api/types'
import { common } from '../../i18n/common'
import { faultOf } from '../../i18n/faults'
import { terms } from '../../i18n/terms'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { Field } from '../../ui/field'
import { Refusal } from '../../ui/refusal'
import { toast } from '../../ui/toast'
import { useAction } from '../../ui/use-action'
import { supervisorTexts } from '../texts'
import type { DialogProps } from './decide-dialogs'

/** Puts in the outcome that nobody confirmed. */
export function OutcomeDialog({ id, onDone, onClose }: DialogProps) {
  const t = supervisorTexts.value.decisions
  const [draft, setDraft] = useState(emptyDraft)
  const { busy, failure, run } = useAction()
  const callback = draft.code === 'callback' ? callbackOf(draft, workingTime.value, clock.now.value) : undefined
  const refused = faultOf(failure, 'callback_at')

  async function send() {
    const body: Record<string, unknown> = { code: draft.code }
    if (draft.note.trim()) body.note = draft.note.trim()
    if (callback?.at) body.callback_at = callback.at
    await run(async () => {
      const after = await api.post<State>(`/v1/follow-ups/${id}/outcome`, body)
      toast(t.outcomeDone)
      onDone(after)
    })
  }

  return (
    <Dialog
      title={t.outcomeTitle}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button kind="primary" busy={busy} disabled={!draft.code || callback?.fault !== undefined} onClick={() => void send()}>{common.value.save}</Button>
        </>
      }
    >
      <p>{t.outcomeLead}</p>
      <Field label={t.outcomeLabel}>
        {(control) => (
          <select {...control} name="outcome" value={draft.code ?? ''} onChange={(event) => setDraft({ ...draft, code: (event.currentTarget.value || undefined) as Outcome | undefined })}>
            <option value="">{supervisorTexts.value.fields.choose}</option>
            {Object.values(outcomeKeys).map((code) => <option key={code} value={code}>{terms.value.outcome[code]}</option>)}
          </select>
        )}
      </Field>
      {draft.code === 'callback' && (
        <CallbackFields draft={draft} fault={refused ?? callback?.fault} onChange={(part) => setDraft((before) => ({ ...before, ...part }))} />
      )}
      <Field label={t.note}>
        {(control) => <textarea {...control} name="note" maxLength={2000} value={draft.note} onInput={(event) => setDraft({ ...draft, note: event.currentTarget.value })} />}
      </Field>
      <Refusal failure={failure} fields={!refused} />
    </Dialog>
  )
}
