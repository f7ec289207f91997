import type { Board } from '../../api/types'
import { supervisorTexts } from '../texts'
import { likelyLate } from './forecast'

/** The wall in five numbers. */
export function Figures({ board }: { board: Board }) {
  const t = supervisorTexts.value.figures
  const count = (status: string) => board.waiting.filter((waiting) => waiting.status === status).length
  const late = likelyLate(board.waiting).length
  const unassigned = count('awaiting_agent')
  return (
    <dl class="figures">
      <Figure name={t.toAssign} value={unassigned} tone={unassigned > 0 ? 'warn' : undefined} />
      <Figure name={t.late} value={late} tone={late > 0 ? 'bad' : undefined} />
      <Figure name={t.queued} value={count('queued')} />
      <Figure name={t.met} value={board.today.met} />
      <Figure name={t.missed} value={board.today.missed} tone={board.today.missed > 0 ? 'bad' : undefined} />
    </dl>
  )
}

function Figure({ name, value, tone }: { name: string; value: number; tone?: 'warn' | 'bad' | undefined }) {
  return (
    <div class={tone ? `figure figure-${tone}` : 'figure'}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}
