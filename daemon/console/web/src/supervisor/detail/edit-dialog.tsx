import { useState } from 'preact/hooks'
import { api } from '../../app/services'
import type { State } from '../../api/types'
import { faultOf } from '../../i18n/faults'
import { terms } from '../../i18n/terms'
import { Field } from '../../ui/field'
import { FormDialog } from '../../ui/form-dialog'
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
  const action = useAction()
  const change = (part: Partial<Editable>) => setNow((last) => ({ ...last, ...part }))
  const changes = changesOf(before, now)

  async function submit() {
    await action.run(async () => {
      const after = await api.post<State>(`/v1/follow-ups/${state.follow_up.id}/edit`, changes)
      toast(t.edited)
      onDone(after)
    })
  }

  const fault = (field: string) => faultOf(action.failure, field)
  const text = (name: Exclude<keyof Editable, 'message'>, label: string, inputMode: 'text' | 'tel' = 'text') => (
    <Field label={label} fault={fault(name)}>
      {(control) => (
        <input {...control} inputMode={inputMode} name={name} autocomplete="off" value={now[name]} onInput={(event) => change({ [name]: event.currentTarget.value })} />
      )}
    </Field>
  )
  return (
    <FormDialog title={t.editTitle} ready={Object.keys(changes).length > 0} action={action} onSave={submit} onClose={onClose}>
      {text('taxpayer', f.taxpayer)}
      {text('npwp', f.npwp)}
      {text('phone', f.phone, 'tel')}
      {text('extension', f.extension)}
      <Field label={terms.value.message} fault={fault('message')}>
        {(control) => (
          <textarea {...control} name="message" rows={5} maxLength={4000} value={now.message} onInput={(event) => change({ message: event.currentTarget.value })} />
        )}
      </Field>
    </FormDialog>
  )
}
