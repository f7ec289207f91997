import { useState } from 'preact/hooks'
import { api } from '../../app/services'
import type { ID } from '../../api/types'
import { faultOf } from '../../i18n/faults'
import { momentOf } from '../../time/format'
import { Button } from '../../ui/button'
import { Field } from '../../ui/field'
import { Refusal } from '../../ui/refusal'
import { toast } from '../../ui/toast'
import { useAction } from '../../ui/use-action'
import { qaTexts } from '../texts'
import type { CustodyLink, Verdict } from '../types'
import { nameOf } from './custody'

interface Props {
  id: ID
  last: CustodyLink | undefined
  onReviewed: () => void
}

/** The verdict. It can be given again; the chain keeps all of them, and the last one counts. */
export function ReviewPanel({ id, last, onReviewed }: Props) {
  const t = qaTexts.value.review
  const [remarks, setRemarks] = useState('')
  const [missing, setMissing] = useState(false)
  const action = useAction()

  async function give(verdict: Verdict) {
    const text = remarks.trim()
    setMissing(verdict === 'returned' && text === '')
    if (verdict === 'returned' && text === '') return
    const body = text ? { verdict, remarks: text } : { verdict }
    if (!(await action.run(() => api.post(`/v1/follow-ups/${id}/review`, body)))) return
    setRemarks('')
    toast(t.done[verdict])
    onReviewed()
  }

  return (
    <section class="panel" aria-label={t.heading}>
      <h2>{t.heading}</h2>
      {last ? (
        <div>
          <p>{t.last(qaTexts.value.reviews[last.act as Verdict], nameOf(last.actor, ''), momentOf(last.at))}</p>
          {last.remarks && <blockquote class="remarks">{last.remarks}</blockquote>}
        </div>
      ) : <p class="soft">{t.none}</p>}
      <Field
        label={t.remarks}
        hint={t.remarksHint}
        fault={missing ? { field: 'remarks', ...t.remarksMissing } : faultOf(action.failure, 'remarks')}
      >
        {(control) => (
          <textarea
            {...control}
            name="remarks"
            rows={2}
            maxLength={2000}
            value={remarks}
            onInput={(event) => {
              setRemarks(event.currentTarget.value)
              setMissing(false)
            }}
          />
        )}
      </Field>
      <Refusal failure={action.failure} />
      <div class="row">
        <Button kind="primary" busy={action.busy} onClick={() => void give('accepted')}>{t.accept}</Button>
        <Button busy={action.busy} onClick={() => void give('returned')}>{t.return}</Button>
      </div>
    </section>
  )
}
