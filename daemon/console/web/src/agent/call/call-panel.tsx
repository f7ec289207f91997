import { useEffect, useRef } from 'preact/hooks'
import type { ID } from '../../api/types'
import { terms } from '../../i18n/terms'
import { Badge } from '../../ui/badge'
import { Loading } from '../../ui/loading'
import { Notice } from '../../ui/notice'
import { WorkingClock } from '../../ui/working-clock'
import { useFollowUp } from '../data'
import { agentTexts } from '../texts'
import { Attempts } from './attempts'
import { viewOf } from './call-view'
import { Controls } from './controls'
import { Delivery } from './delivery'
import { OutcomePanel } from './outcome-panel'
import { Progress } from './progress'
import './call.css'

interface Props {
  id: ID
  /** Whether the follow-up is in the agent's hands now. */
  inHand: boolean
  /** The page has no more to do with it. */
  onDone: () => void
}

/** One call from the ring to the outcome. */
export function CallPanel({ id, inHand, onDone }: Props) {
  const t = agentTexts.value.call
  const followUp = useFollowUp(id)
  const heading = useRef<HTMLHeadingElement>(null)
  const data = followUp.data.value
  const loaded = data !== undefined
  useEffect(() => heading.current?.focus(), [loaded])

  // What the ledger says at last. The list of what is in hand may be a moment behind.
  const over = data !== undefined && !inHand && !isOpen(data.state.status)
  const unconfirmed = over && data.state.status === 'handed_back' && data.state.call.outcome === 'unconfirmed'
  const refused = followUp.failure.value?.status === 403 || followUp.failure.value?.status === 404
  const done = refused || (over && !unconfirmed)
  useEffect(() => {
    if (done) onDone()
  }, [done])

  if (!data || done) return <Loading />
  const { state, history } = data
  const view = viewOf(state, history)
  const { follow_up } = state
  return (
    <article class="call" aria-labelledby="call-heading">
      <p class="hidden" role="alert">{t.arrived(follow_up.ticket)}</p>
      <header class="call-head">
        <h2 id="call-heading" ref={heading} tabIndex={-1}>{follow_up.ticket}</h2>
        <Badge tone="info">{terms.value.route[follow_up.route]}</Badge>
        {follow_up.directorate && <span class="soft">{terms.value.directorate[follow_up.directorate]}</span>}
        <span class="call-attempt">{t.attempt(state.attempt)}</span>
        <WorkingClock deadline={follow_up.deadline} provisional={follow_up.deadline_provisional} />
      </header>
      <Progress view={view} />
      {unconfirmed && (
        <Notice tone="warn" action={{ label: agentTexts.value.outcome.leave, act: onDone }}>{agentTexts.value.outcome.correct}</Notice>
      )}
      <div class="call-columns">
        <div class="call-column">
          <Delivery state={state} view={view} />
          <Attempts view={view} />
        </div>
        <div class="call-column">
          <Controls id={id} view={view} />
          <OutcomePanel state={state} view={view} onSent={(next) => followUp.set({ state: next, history })} onReload={() => followUp.reload()} />
        </div>
      </div>
    </article>
  )
}

function isOpen(status: string): boolean {
  return ['assigned', 'dialing', 'talking', 'wrap_up', 'reconciling'].includes(status)
}
