import type { State } from '../api/types'
import { terms } from '../i18n/terms'
import { momentOf } from '../time/format'
import { WorkingClock } from '../ui/working-clock'
import { agentTexts } from './texts'

/** What waits for this agent in particular; the rest of the queue comes by itself. */
export function WaitingList({ waiting }: { waiting: State[] }) {
  const t = agentTexts.value.list
  return (
    <section class="panel" aria-label={t.heading}>
      <h2>{t.heading}</h2>
      {waiting.length === 0 && <p class="soft">{t.empty}</p>}
      {waiting.length > 0 && (
        <ul class="waiting">
          {waiting.map(({ follow_up, retry_at }) => (
            <li key={follow_up.id}>
              <strong>{follow_up.ticket}</strong>
              <span>{terms.value.route[follow_up.route]}</span>
              <WorkingClock deadline={follow_up.deadline} provisional={follow_up.deadline_provisional} />
              {retry_at && <span class="soft">{t.retry} {momentOf(retry_at)}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
