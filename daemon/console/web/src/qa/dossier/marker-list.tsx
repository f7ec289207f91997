import { terms } from '../../i18n/terms'
import { lengthOf } from '../../time/format'
import type { Timeline } from '../player/timeline'
import { qaTexts } from '../texts'

/** What the numbers on the time line stand for. */
export function MarkerList({ timeline }: { timeline: Timeline }) {
  const t = qaTexts.value.player
  if (timeline.markers.length === 0) return null
  return (
    <ol class="markers" aria-label={t.marks}>
      {timeline.markers.map(({ seq, kind, at }, i) => {
        const gap = kind === 'recording_muted' ? timeline.gaps.find(({ from }) => from === at) : undefined
        return (
          <li key={seq}>
            <span class="marker-number" aria-hidden="true">{i + 1}</span>
            <span>
              <span class="number">{lengthOf(at * 1000)}</span> {terms.value.kind[kind]}
              {gap && <span class="marker-gap"> ({t.gap(lengthOf((gap.to - gap.from) * 1000))})</span>}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
