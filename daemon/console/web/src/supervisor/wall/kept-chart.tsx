import { workingTime } from '../../app/services'
import type { Board, Kept } from '../../api/types'
import { dateOf } from '../../time/format'
import { zonedTime } from '../../time/zoned'
import { Table } from '../../ui/table'
import { supervisorTexts } from '../texts'
import { barsOf, topOf } from './bars'

const size = { width: 280, height: 110, gap: 0.3 }

/** Deadlines met and missed on the last working days: a picture, and the same as a table. */
export function KeptChart({ days }: { days: Board['days'] }) {
  const t = supervisorTexts.value.kept
  const zone = workingTime.value?.zone ?? 'Asia/Jakarta'
  const nameOf = (day: string) => dateOf(zonedTime(day, '12:00', zone))
  const sum = days.reduce<Kept>((all, { met, missed }) => ({ met: all.met + met, missed: all.missed + missed }), { met: 0, missed: 0 })
  return (
    <section class="panel" aria-label={t.heading}>
      <h2>{t.heading}</h2>
      <figure class="kept">
        <Picture days={days} label={t.picture(sum.met, sum.missed)} first={days[0] && nameOf(days[0].day)} />
        <figcaption class="row soft">
          <span class="key key-met">{t.met}</span>
          <span class="key key-missed">{t.missed}</span>
        </figcaption>
      </figure>
      <details>
        <summary>{t.asTable}</summary>
        <Table
          caption={t.heading}
          columns={[
            { name: t.day, cell: ({ day }) => nameOf(day) },
            { name: t.met, align: 'end', cell: ({ met }) => met },
            { name: t.missed, align: 'end', cell: ({ missed }) => missed },
          ]}
          rows={days.toReversed()}
          keyOf={({ day }) => day}
          empty={t.none}
        />
      </details>
    </section>
  )
}

function Picture({ days, label, first }: { days: Board['days']; label: string; first: string | undefined }) {
  const t = supervisorTexts.value.kept
  const top = topOf(days)
  const base = size.height + 14
  return (
    <svg class="kept-picture" viewBox={`-26 -10 ${size.width + 28} ${size.height + 32}`} role="img" aria-label={label}>
      <line class="grid" x1="0" x2={size.width} y1="0" y2="0" />
      <line class="grid" x1="0" x2={size.width} y1={size.height / 2} y2={size.height / 2} />
      <line class="axis" x1="0" x2={size.width} y1={size.height} y2={size.height} />
      <text x="-6" y="4" text-anchor="end">{top}</text>
      <text x="-6" y={size.height + 3} text-anchor="end">0</text>
      {barsOf(days, size).map((bar, i) => (
        <g key={days[i]!.day}>
          <rect class="met" x={bar.x} y={bar.met.y} width={bar.width} height={bar.met.height} />
          <rect class="missed" x={bar.x} y={bar.missed.y} width={bar.width} height={bar.missed.height} />
        </g>
      ))}
      <text x="0" y={base}>{first}</text>
      <text x={size.width} y={base} text-anchor="end">{t.today}</text>
    </svg>
  )
}
