import { useState } from 'preact/hooks'
import { api } from '../../app/services'
import type { ID } from '../../api/types'
import { common } from '../../i18n/common'
import { faultOf } from '../../i18n/faults'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { Field } from '../../ui/field'
import { Refusal } from '../../ui/refusal'
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
    <Dialog
      title={t.heading}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button kind="primary" busy={action.busy} disabled={reason.trim() === ''} onClick={() => void fetchRecording()}>{t.submit}</Button>
        </>
      }
    >
      <p class="soft">{t.lead}</p>
      <Field label={t.reason} fault={faultOf(action.failure, 'reason')}>
        {(control) => (
          <textarea {...control} name="reason" rows={2} maxLength={2000} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        )}
      </Field>
      <Refusal failure={action.failure} />
    </Dialog>
  )
}
