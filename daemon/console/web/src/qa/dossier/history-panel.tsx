import type { Activity } from '../../api/types'
import { terms } from '../../i18n/terms'
import { lengthOf, momentOf, timeWithSeconds } from '../../time/format'
import type { Player } from '../player/player'
import type { Timeline } from '../player/timeline'
import { qaTexts } from '../texts'
import { nameOf } from './custody'

interface Props {
  history: Activity[]
  timelines: Map<number, Timeline>
  player: Player | undefined
  attempt: number | undefined
  onJump: (to: Activity) => void
}

/** The activities in the SOP's words; those within a recording lead to their sound. */
export function HistoryPanel({ history, timelines, player, attempt, onJump }: Props) {
  const t = qaTexts.value.history
  const now = heardNow(history, timelines, player, attempt)
  return (
    <section class="panel" aria-label={t.heading}>
      <h2>{t.heading}</h2>
      <ol class="history">
        {history.map((activity) => (
          <Line key={activity.seq} activity={activity} timeline={timelines.get(activity.details.attempt ?? 0)} now={activity.seq === now} onJump={onJump} />
        ))}
      </ol>
    </section>
  )
}

function Line({ activity, timeline, now, onJump }: { activity: Activity; timeline: Timeline | undefined; now: boolean; onJump: Props['onJump'] }) {
  const t = qaTexts.value.history
  const words = terms.value.kind[activity.kind] ?? activity.kind
  const place = timeline?.placeOf(activity)
  const said = detailsOf(activity)
  return (
    <li class={now ? 'history-now' : undefined}>
      <time dateTime={activity.at} title={momentOf(activity.at)}>{timeWithSeconds(activity.at)}</time>
      <div>
        <p>{words}</p>
        <p class="soft">{[nameOf(activity.actor, t.system), said].filter(Boolean).join(' · ')}</p>
        {activity.details.note && <blockquote class="remarks">{activity.details.note}</blockquote>}
      </div>
      {place !== undefined && (
        <button type="button" class="jump" aria-label={t.jump(lengthOf(place * 1000), words)} onClick={() => onJump(activity)}>
          ▶ {lengthOf(place * 1000)}
        </button>
      )}
    </li>
  )
}

function detailsOf({ details }: Activity): string {
  const t = terms.value
  const words = [
    details.result && t.result[details.result],
    details.outcome && t.outcome[details.outcome],
    details.agent,
    details.callback_at && momentOf(details.callback_at),
    details.talk_ms && lengthOf(details.talk_ms),
  ]
  return words.filter(Boolean).join(', ')
}

/** The activity that was last passed in the recording. */
function heardNow(history: Activity[], timelines: Map<number, Timeline>, player: Player | undefined, attempt: number | undefined): number | undefined {
  const timeline = attempt === undefined ? undefined : timelines.get(attempt)
  if (!player || !timeline || player.at.value === 0) return undefined
  const at = player.at.value + 0.05
  return history.findLast((activity) => (timeline.placeOf(activity) ?? Infinity) <= at)?.seq
}
