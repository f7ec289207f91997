import { terms } from '../../i18n/terms'
import { momentOf } from '../../time/format'
import { agentTexts } from '../texts'
import type { CallView } from './call-view'

/** What was tried before. */
export function Attempts({ view }: { view: CallView }) {
  const t = agentTexts.value.call
  return (
    <section class="panel attempts" aria-label={t.attempts}>
      <h3>{t.attempts}</h3>
      {view.past.length === 0 && <p class="soft">{t.noAttempts}</p>}
      {view.past.length > 0 && (
        <ol>
          {view.past.map((past) => (
            <li key={past.attempt}>
              <time dateTime={past.at}>{momentOf(past.at)}</time>
              <span>
                {past.outcome ? terms.value.outcome[past.outcome] : past.result ? terms.value.result[past.result] : '–'}
                {past.callbackAt && ` (${momentOf(past.callbackAt)})`}
                {past.note && <em> “{past.note}”</em>}
              </span>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
