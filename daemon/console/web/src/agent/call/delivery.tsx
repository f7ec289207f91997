import { useState } from 'preact/hooks'
import type { ID, State } from '../../api/types'
import { terms } from '../../i18n/terms'
import { momentOf, timeOf } from '../../time/format'
import { Badge } from '../../ui/badge'
import { Button } from '../../ui/button'
import { useKeys } from '../../ui/use-keys'
import { useEarlier } from '../data'
import { shortcuts } from '../shortcuts'
import { agentTexts } from '../texts'
import type { CallView } from './call-view'
import { useCommand } from './use-command'

/** How much of the message shows before the identity is confirmed: so many characters, and never more than a third. */
const preview = 60

/** Whom the agent speaks with and what there is to tell; in full once the identity is confirmed. */
export function Delivery({ state, view }: { state: State; view: CallView }) {
  const t = agentTexts.value.call
  const { taxpayer, message, follows, received_at } = state.follow_up
  return (
    <section class="panel delivery" aria-label={terms.value.taxpayer}>
      <div>
        <p class="label">{terms.value.taxpayer}</p>
        <p class="taxpayer-name">{taxpayer.name}</p>
        <dl class="facts">
          <div><dt>{t.phone}</dt><dd class="number">{taxpayer.phone}{taxpayer.extension && `, ${t.extension(taxpayer.extension)}`}</dd></div>
          {taxpayer.npwp && <div><dt>{t.npwp}</dt><dd class="number">{taxpayer.npwp}</dd></div>}
          <div><dt>{t.received}</dt><dd>{momentOf(received_at)}</dd></div>
        </dl>
      </div>
      <Identity id={state.follow_up.id} view={view} />
      {message && <Message text={message} shown={view.identityAt !== undefined} />}
      {follows && <Earlier id={follows} shown={view.identityAt !== undefined} />}
    </section>
  )
}

function Identity({ id, view }: { id: ID; view: CallView }) {
  const t = agentTexts.value.call
  const [pending, command] = useCommand(id, view.identityAt)
  const possible = view.phase === 'talking' && !view.identityAt
  useKeys({ i: () => possible && command('confirm_identity') }, shortcuts.value)
  if (view.identityAt) return <p><Badge tone="good">✓ {t.identityDone(timeOf(view.identityAt))}</Badge></p>
  if (view.phase === 'wrap_up' || view.phase === 'corrected') return <p><Badge tone="warn">{t.identityNever}</Badge></p>
  return (
    <div class="identity">
      <Button kind="primary" shortcut="I" disabled={!possible} busy={pending === 'confirm_identity'} onClick={() => command('confirm_identity')}>
        {t.identity}
      </Button>
      <p class="soft">{t.identityAsk}</p>
    </div>
  )
}

function Message({ text, shown }: { text: string; shown: boolean }) {
  const length = Math.min(preview, Math.floor(text.length / 3))
  return (
    <div>
      <p class="label">{terms.value.message}</p>
      <p class={shown ? 'message' : 'message message-short'}>{shown ? text : `${text.slice(0, length).trimEnd()}…`}</p>
      {!shown && <p class="soft">{agentTexts.value.call.messageHidden}</p>}
    </div>
  )
}

function Earlier({ id, shown }: { id: ID; shown: boolean }) {
  const t = agentTexts.value.call
  const earlier = useEarlier(id)
  const [open, setOpen] = useState(false)
  const state = earlier.data.value
  if (earlier.failure.value && !earlier.failure.value.passing) return <p class="soft">{t.earlierRefused}</p>
  if (!state) return null
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{terms.value.earlier}: {t.earlierOf(state.follow_up.ticket)}</summary>
      <p class="soft">
        {terms.value.status[state.status]}
        {state.outcome && `, ${terms.value.outcome[state.outcome]}`}
        {state.confirmed_at && `, ${momentOf(state.confirmed_at)}`}
      </p>
      {state.follow_up.message && <p class="message">{shown ? state.follow_up.message : t.messageHidden}</p>}
    </details>
  )
}
