import { useState } from 'preact/hooks'
import { api } from '../../app/services'
import type { ID } from '../../api/types'
import { faultOf } from '../../i18n/faults'
import { Field } from '../../ui/field'
import { FormDialog } from '../../ui/form-dialog'
import { toast } from '../../ui/toast'
import { useAction } from '../../ui/use-action'
import { save } from '../save'
import { qaTexts } from '../texts'

interface Props {
  id: ID
  attempt: number
  onClose: () => void
  onFetched: () => void
}

/** Asks for the reason, then lets the archive hand out the recording itself. */
export function DownloadDialog({ id, attempt, onClose, onFetched }: Props) {
  const t = qaTexts.value.download
  const [reason, setReason] = useState('')
  const action = useAction()

  async function fetchRecording() {
    const done = await action.run(async () => {
      const { url } = await api.post<{ url: string }>(`/v1/follow-ups/${id}/recordings/${attempt}/link`, { reason: reason.trim() })
      save(url)
    })
    if (!done) return
    toast(t.done)
    onFetched()
    onClose()
  }

  return (
    <FormDialog title={t.heading} lead={t.lead} save={t.submit} ready={reason.trim() !== ''} action={action} onSave={fetchRecording} onClose={onClose}>
      <Field label={t.reason} fault={faultOf(action.failure, 'reason')}>
        {(control) => (
          <textarea {...control} name="reason" rows={2} maxLength={2000} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        )}
      </Field>
    </FormDialog>
  )
}
