import { useState } from 'preact/hooks'
import { api } from '../../app/services'
import type { State } from '../../api/types'
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
import { changesOf, editableOf, type Editable } from './edit'

/** Corrects the data of a follow-up; what was not touched is not sent. */
export function EditDialog({ state, onDone, onClose }: { state: State; onDone: (after: State) => void; onClose: () => void }) {
  const t = supervisorTexts.value.decisions
  const f = supervisorTexts.value.fields
  const [before] = useState(() => editableOf(state.follow_up))
  const [now, setNow] = useState(before)
  const { busy, failure, run } = useAction()
  const change = (part: Partial<Editable>) => setNow((last) => ({ ...last, ...part }))
  const changes = changesOf(before, now)
  const form = 'edit-follow-up'

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    await run(async () => {
      const after = await api.post<State>(`/v1/follow-ups/${state.follow_up.id}/edit`, changes)
      toast(t.edited)
      onDone(after)
    })
  }

  const fault = (field: string) => faultOf(failure, field)
  const text = (name: Exclude<keyof Editable, 'message'>, label: string, inputMode: 'text' | 'tel' = 'text') => (
    <Field label={label} fault={fault(name)}>
      {(control) => (
        <input {...control} inputMode={inputMode} name={name} autocomplete="off" value={now[name]} onInput={(event) => change({ [name]: event.currentTarget.value })} />
      )}
    </Field>
  )
  return (
    <Dialog
      title={t.editTitle}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button kind="primary" type="submit" form={form} busy={busy} disabled={Object.keys(changes).length === 0}>{common.value.save}</Button>
        </>
      }
    >
      <form id={form} class="dialog-body" noValidate onSubmit={(event) => void submit(event)}>
        {text('taxpayer', f.taxpayer)}
        {text('npwp', f.npwp)}
        {text('phone', f.phone, 'tel')}
        {text('extension', f.extension)}
        <Field label={terms.value.message} fault={fault('message')}>
          {(control) => (
            <textarea {...control} name="message" rows={5} maxLength={4000} value={now.message} onInput={(event) => change({ message: event.currentTarget.value })} />
          )}
        </Field>
        <Refusal failure={failure} />
      </form>
    </Dialog>
  )
}
