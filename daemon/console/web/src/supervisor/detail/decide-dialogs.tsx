import { useState } from 'preact/hooks'
import { api } from '../../app/services'
import type { ID, State } from '../../api/types'
import { common } from '../../i18n/common'
import { faultOf } from '../../i18n/faults'
import { Button } from '../../ui/button'
import { Dialog } from '../../ui/dialog'
import { Field } from '../../ui/field'
import { Refusal } from '../../ui/refusal'
import { toast } from '../../ui/toast'
import { useAction } from '../../ui/use-action'
import { supervisorTexts } from '../texts'

export interface DialogProps {
  id: ID
  onDone: (after: State) => void
  onClose: () => void
}

export function CancelDialog(props: DialogProps) {
  const t = supervisorTexts.value.decisions
  return <ReasonDialog {...props} path="cancel" title={t.cancelTitle} lead={t.cancelLead} label={t.cancelReason} act={t.cancel} done={t.cancelled} danger required />
}

export function RequeueDialog(props: DialogProps) {
  const t = supervisorTexts.value.decisions
  return <ReasonDialog {...props} path="requeue" title={t.requeueTitle} lead={t.requeueLead} label={t.requeueReason} act={t.requeue} done={t.requeued} />
}

interface ReasonProps extends DialogProps {
  path: 'cancel' | 'requeue'
  title: string
  lead: string
  label: string
  act: string
  done: string
  danger?: boolean
  required?: boolean
}

/** A decision that is written down with its reason. */
function ReasonDialog({ id, path, title, lead, label, act, done, danger, required, onDone, onClose }: ReasonProps) {
  const [reason, setReason] = useState('')
  const { busy, failure, run } = useAction()

  async function send() {
    const body = reason.trim() ? { reason: reason.trim() } : {}
    await run(async () => {
      const after = await api.post<State>(`/v1/follow-ups/${id}/${path}`, body)
      toast(done)
      onDone(after)
    })
  }

  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.close}</Button>
          <Button kind={danger ? 'danger' : 'primary'} busy={busy} disabled={required && !reason.trim()} onClick={() => void send()}>{act}</Button>
        </>
      }
    >
      <p>{lead}</p>
      <Field label={label} fault={faultOf(failure, 'reason')}>
        {(control) => <textarea {...control} name="reason" maxLength={2000} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />}
      </Field>
      <Refusal failure={failure} />
    </Dialog>
  )
}
