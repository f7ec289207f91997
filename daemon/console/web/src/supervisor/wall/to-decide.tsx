import type { Board } from '../../api/types'
import { Badge } from '../../ui/badge'
import { WorkingClock } from '../../ui/working-clock'
import { AssignForm } from '../assign-form'
import { reasonIn } from '../reasons'
import { TicketLink } from '../ticket-link'
import { supervisorTexts } from '../texts'
import { ForecastBadge } from './late'
import { Attempts } from './queue'

/** Unrequested opinions, of which nobody is rung before an agent is named (SOP G.1.c.iii): first of all. */
export function ToAssign({ board, onDone }: { board: Board; onDone: () => void }) {
  const t = supervisorTexts.value.toAssign
  const waiting = board.waiting.filter(({ status }) => status === 'awaiting_agent')
  if (waiting.length === 0) return null
  return (
    <section class="panel panel-warn" aria-label={t.heading}>
      <div class="panel-head">
        <h2>{t.heading}</h2>
        <span class="soft">{t.lead}</span>
      </div>
      <ul class="decide">
        {waiting.map(({ id, ticket, deadline }) => (
          <li key={id}>
            <span class="row"><TicketLink id={id} ticket={ticket} /><WorkingClock deadline={deadline} /></span>
            <AssignForm id={id} ticket={ticket} agents={board.agents} onDone={onDone} />
          </li>
        ))}
      </ul>
    </section>
  )
}

/** What the machine cannot go on with: somebody has to mend it, put it back, or end it. */
export function HandedBack({ board }: { board: Board }) {
  const t = supervisorTexts.value.handedBack
  const waiting = board.waiting.filter(({ status }) => status === 'handed_back')
  if (waiting.length === 0) return null
  return (
    <section class="panel" aria-label={t.heading}>
      <div class="panel-head">
        <h2>{t.heading}</h2>
        <span class="soft">{t.lead}</span>
      </div>
      <ul class="decide">
        {waiting.map((one) => (
          <li key={one.id}>
            <span class="row"><TicketLink id={one.id} ticket={one.ticket} /><WorkingClock deadline={one.deadline} /><ForecastBadge waiting={one} /></span>
            <span class="row">
              {one.reason && <Badge tone="warn">{reasonIn(one.reason)}</Badge>}
              <Attempts waiting={one} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
