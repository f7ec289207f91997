import { clock, workingTime } from '../app/services'
import { common } from '../i18n/common'
import { wholeMinutes } from '../time/working-time'
import { momentOf } from '../time/format'
import { Badge, type Tone } from './badge'

/** From here on the time left is shown as a warning, in working minutes. */
const soon = 20

/** The working minutes that are left until a deadline, or have passed since. */
export function WorkingClock({ deadline, provisional }: { deadline: string; provisional?: boolean | undefined }) {
  const hours = workingTime.value
  if (!hours) return <span>{momentOf(deadline)}</span>
  const left = wholeMinutes(hours.between(clock.minute.value, Date.parse(deadline)))
  const tone: Tone = left < 0 ? 'bad' : left < soon ? 'warn' : 'good'
  const t = common.value
  return (
    <Badge tone={tone}>
      <time dateTime={deadline} title={momentOf(deadline)}>{left < 0 ? t.minutesOver(-left) : t.minutesLeft(left)}</time>
      {provisional && ` (${t.provisional})`}
    </Badge>
  )
}
