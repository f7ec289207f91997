import { useEffect, useRef } from 'preact/hooks'
import { clock, workingTime } from '../../app/services'
import type { FieldFault } from '../../api/failure'
import { dateOf, momentOf, timeOf } from '../../time/format'
import type { WorkingTime } from '../../time/working-time'
import { zonedTime } from '../../time/zoned'
import { Field } from '../../ui/field'
import { agentTexts } from '../texts'
import { officeDays, officeTimes, quarter } from './callback-times'
import type { OutcomeDraft } from './outcome-draft'

/** When a draft's callback is to be, in RFC 3339, or what is wrong with it. Neither: the system decides. */
export function callbackOf(draft: OutcomeDraft, hours: WorkingTime | undefined, now: number): { at?: string; fault?: FieldFault } {
  if (!draft.callbackDay || !draft.callbackTime || !hours) return {}
  const at = zonedTime(draft.callbackDay, draft.callbackTime, hours.zone)
  const t = agentTexts.value.outcome
  const remedy = () => {
    const next = hours.nextOpen(Math.max(at, now + quarter))
    return next === undefined ? '' : t.callbackRemedy(momentOf(next))
  }
  if (at <= now) return { fault: { field: 'callback_at', problem: t.callbackPast, remedy: remedy() } }
  if (!hours.open(at)) return { fault: { field: 'callback_at', problem: t.callbackClosed, remedy: remedy() } }
  return { at: new Date(at).toISOString() }
}

interface Props {
  draft: OutcomeDraft
  fault: FieldFault | undefined
  onChange: (part: Partial<OutcomeDraft>) => void
}

/** The day and the time at which the taxpayer asked to be rung again: office hours alone are offered. */
export function CallbackFields({ draft, fault, onChange }: Props) {
  const t = agentTexts.value.outcome
  const hours = workingTime.value
  const select = useRef<HTMLSelectElement>(null)
  useEffect(() => select.current?.focus(), [])
  if (!hours) return null
  const days = officeDays(hours, clock.minute.value)
  const times = draft.callbackDay ? officeTimes(hours, draft.callbackDay, clock.minute.value) : []
  return (
    <div class="callback">
      <Field label={t.callbackDay} hint={draft.callbackDay ? undefined : t.callbackHint} fault={fault}>
        {(control) => (
          <select
            {...control}
            ref={select}
            name="callback_day"
            value={draft.callbackDay}
            onChange={(event) => {
              const callbackDay = event.currentTarget.value
              onChange({ callbackDay, callbackTime: callbackDay ? (officeTimes(hours, callbackDay, clock.minute.value)[0] ?? '') : '' })
            }}
          >
            <option value="">{t.anytime}</option>
            {days.map((day) => <option key={day} value={day}>{dateOf(zonedTime(day, '12:00', hours.zone))}</option>)}
          </select>
        )}
      </Field>
      <Field label={t.callbackTime}>
        {(control) => (
          <select {...control} name="callback_time" disabled={times.length === 0} value={draft.callbackTime} onChange={(event) => onChange({ callbackTime: event.currentTarget.value })}>
            {times.map((time) => <option key={time} value={time}>{timeOf(zonedTime(draft.callbackDay, time, hours.zone))}</option>)}
          </select>
        )}
      </Field>
    </div>
  )
}
