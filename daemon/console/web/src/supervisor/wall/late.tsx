import type { Board, BoardWaiting } from '../../api/types'
import { momentOf } from '../../time/format'
import { Badge } from '../../ui/badge'
import { WorkingClock } from '../../ui/working-clock'
import { TicketLink } from '../ticket-link'
import { supervisorTexts } from '../texts'
import { likelyLate, percentOf } from './forecast'

/** So many are listed; the others stand in the queue, with the same forecast. */
const listed = 10

/** Who will be late and why: a forecast, while something can still be done. */
export function Late({ board }: { board: Board }) {
  const t = supervisorTexts.value.forecast
  const late = likelyLate(board.waiting)
  return (
    <section class="panel" aria-label={t.heading}>
      <div class="panel-head">
        <h2>{t.heading}</h2>
        <span class="soft">{t.lead}</span>
      </div>
      {late.length === 0 && <p class="soft">{t.none}</p>}
      {late.length > 0 && <ul class="late">{late.slice(0, listed).map((waiting) => <LateOne key={waiting.id} waiting={waiting} />)}</ul>}
      {late.length > listed && <p class="soft">{t.more(late.length - listed)}</p>}
    </section>
  )
}

function LateOne({ waiting }: { waiting: BoardWaiting }) {
  const t = supervisorTexts.value.forecast
  const { forecast } = waiting
  return (
    <li>
      <div class="row">
        <TicketLink id={waiting.id} ticket={waiting.ticket} />
        <WorkingClock deadline={waiting.deadline} />
        <ForecastBadge waiting={waiting} />
      </div>
      <p>
        {forecast.why && <strong>{t.why[forecast.why]}</strong>}
        {forecast.why && t.remedy[forecast.why] && ` ${t.remedy[forecast.why]}`}
        {forecast.expected_at && <span class="soft"> {t.expected(momentOf(forecast.expected_at))}</span>}
      </p>
    </li>
  )
}

/** How sure the forecast is that it will be late. */
export function ForecastBadge({ waiting }: { waiting: BoardWaiting }) {
  const t = supervisorTexts.value.forecast
  const { will_miss, chance, why } = waiting.forecast
  if (why === 'overdue') return <Badge tone="bad">{t.overdue}</Badge>
  if (will_miss) return <Badge tone="bad">{t.willMiss(percentOf(chance))}</Badge>
  if (chance >= 0.5) return <Badge tone="warn">{t.likely(percentOf(chance))}</Badge>
  return <span class="soft">{t.inTime}</span>
}
