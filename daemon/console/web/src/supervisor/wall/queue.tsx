import { useState } from 'preact/hooks'
import type { Board, BoardWaiting } from '../../api/types'
import { terms } from '../../i18n/terms'
import { momentOf } from '../../time/format'
import { Button } from '../../ui/button'
import { Table, type Column } from '../../ui/table'
import { WorkingClock } from '../../ui/working-clock'
import { TicketLink } from '../ticket-link'
import { supervisorTexts } from '../texts'
import { ForecastBadge } from './late'

/** So many rows at first: what matters now is at the top. */
const first = 25

/** What waits to be rung, the earliest deadline first. */
export function Queue({ board }: { board: Board }) {
  const t = supervisorTexts.value.queue
  const [all, setAll] = useState(false)
  const queued = board.waiting.filter(({ status }) => status === 'queued')
  const columns: Column<BoardWaiting>[] = [
    { name: terms.value.ticket, cell: ({ id, ticket }) => <TicketLink id={id} ticket={ticket} /> },
    { name: terms.value.deadline, cell: ({ deadline }) => <WorkingClock deadline={deadline} /> },
    { name: t.forecast, cell: (waiting) => <ForecastBadge waiting={waiting} /> },
    { name: terms.value.agent, cell: ({ agent }) => agent ?? <span class="soft">{t.anyAgent}</span> },
    { name: t.attempts, cell: (waiting) => <Attempts waiting={waiting} /> },
  ]
  return (
    <section class="panel" aria-label={t.heading}>
      <div class="panel-head">
        <h2>{t.heading}</h2>
        <span class="soft number">{t.count(queued.length)}</span>
      </div>
      <Table caption={t.heading} columns={columns} rows={all ? queued : queued.slice(0, first)} keyOf={({ id }) => id} empty={t.empty} />
      {!all && queued.length > first && <Button onClick={() => setAll(true)}>{t.showAll(queued.length)}</Button>}
    </section>
  )
}

/** How often it was tried, with what result, and when it is tried again. */
export function Attempts({ waiting }: { waiting: BoardWaiting }) {
  const t = supervisorTexts.value.queue
  const { attempts, result, retry_at } = waiting
  return (
    <span>
      {attempts === 0 ? t.notTried : t.tried(attempts)}
      {result && `, ${terms.value.result[result]}`}
      {retry_at && <span class="soft"> {t.again(momentOf(retry_at))}</span>}
    </span>
  )
}
