import { useState } from 'preact/hooks'
import { api, clock } from '../../app/services'
import { faultOf } from '../../i18n/faults'
import { Field } from '../../ui/field'
import { FormDialog } from '../../ui/form-dialog'
import { toast } from '../../ui/toast'
import { useAction } from '../../ui/use-action'
import { saveBlob } from '../save'
import { qaTexts } from '../texts'
import { periodOf } from './search'

/** A year of dossiers takes its time, in milliseconds. */
const patience = 10 * 60_000

/** The dossiers of a period as a file. */
export function ExportDialog({ onClose }: { onClose: () => void }) {
  const t = qaTexts.value.exporting
  const [from, setFrom] = useState(`${clock.day.peek().slice(0, 8)}01`)
  const [to, setTo] = useState(clock.day.peek())
  const [format, setFormat] = useState<'csv' | 'jsonl'>('csv')
  const action = useAction()
  const complete = from !== '' && to !== '' && from <= to

  async function fetchFile() {
    const done = await action.run(async () => {
      const body = { ...periodOf(from, to, clock.zone.peek()), format }
      const answer = await api.send('POST', '/v1/export', { body, patience })
      saveBlob(await answer.blob(), `sambung-${from}-${to}.${format}`)
    })
    if (!done) return
    toast(t.done)
    onClose()
  }

  return (
    <FormDialog title={t.heading} lead={t.lead} save={t.submit} ready={complete} action={action} onSave={fetchFile} onClose={onClose}>
      <div class="pair">
        <Field label={t.from} fault={faultOf(action.failure, 'from')}>
          {(control) => <input {...control} name="from" type="date" value={from} onInput={(event) => setFrom(event.currentTarget.value)} />}
        </Field>
        <Field label={t.to} fault={complete ? faultOf(action.failure, 'to') : { field: 'to', ...t.incomplete }}>
          {(control) => <input {...control} name="to" type="date" value={to} onInput={(event) => setTo(event.currentTarget.value)} />}
        </Field>
      </div>
      <Field label={t.format}>
        {(control) => (
          <select {...control} name="format" value={format} onChange={(event) => setFormat(event.currentTarget.value as 'csv' | 'jsonl')}>
            <option value="csv">{t.csv}</option>
            <option value="jsonl">{t.jsonl}</option>
          </select>
        )}
      </Field>
    </FormDialog>
  )
}
