import { useFollowUp } from '../../agent/data'
import type { FollowUp, ID, State } from '../../api/types'
import { common } from '../../i18n/common'
import { terms } from '../../i18n/terms'
import { momentOf } from '../../time/format'
import { Badge, type Tone } from '../../ui/badge'
import { Loading } from '../../ui/loading'
import { Notice } from '../../ui/notice'
import { wordsOf } from '../../ui/refusal'
import { WorkingClock } from '../../ui/working-clock'
import { reasonIn } from '../reasons'
import { TicketLink } from '../ticket-link'
import { supervisorTexts } from '../texts'
import { Decisions } from './decisions'
import { History } from './history'
import { MonitorPanel } from './monitor'
import './detail.css'

const tones: Partial<Record<State['status'], Tone>> = {
  awaiting_agent: 'warn', handed_back: 'warn', talking: 'info', dialing: 'info', assigned: 'info', wrap_up: 'info', closed: 'good',
}

/** All that is known of one follow-up, and what can be decided about it now. */
export function Detail({ id }: { id: ID }) {
  const t = supervisorTexts.value.detail
  const resource = useFollowUp(id)
  const shown = resource.data.value
  const failure = resource.failure.value
  if (!shown) {
    if (failure) return <Notice tone="warn">{wordsOf(failure)}</Notice>
    return <Loading />
  }
  const { state, history } = shown
  const { follow_up, status, reason } = state
  const open = state.status !== 'closed' && state.status !== 'cancelled'
  return (
    <article class="detail" aria-label={follow_up.ticket}>
      <section class="panel" aria-label={t.state}>
        <div class="panel-head">
          <h2>{follow_up.ticket}</h2>
          <span class="row">
            <Badge tone={tones[status] ?? 'neutral'}>{terms.value.status[status]}</Badge>
            {open ? <WorkingClock deadline={follow_up.deadline} provisional={follow_up.deadline_provisional} /> : <Kept state={state} />}
          </span>
        </div>
        {reason && <p>{t.reason}: <strong>{reasonIn(reason)}</strong></p>}
        <Decisions state={state} onDone={(after) => {
          resource.set({ state: after, history })
          resource.reload()
        }} />
      </section>
      <MonitorPanel state={state} />
      <Data followUp={follow_up} state={state} />
      <History activities={history} />
    </article>
  )
}

function Kept({ state }: { state: State }) {
  const t = supervisorTexts.value.detail
  if (state.status === 'cancelled') return null
  if (!state.missed) return <Badge tone="good">{t.met}</Badge>
  return <Badge tone="bad">{t.missed}{state.missed_cause && `: ${terms.value.missedCause[state.missed_cause]}`}</Badge>
}

function Data({ followUp, state }: { followUp: FollowUp; state: State }) {
  const t = supervisorTexts.value.detail
  const f = supervisorTexts.value.fields
  const { taxpayer } = followUp
  const agent = state.assignment?.agent ?? followUp.agent
  return (
    <section class="panel" aria-label={t.data}>
      <h3>{t.data}</h3>
      <dl class="data">
        <div><dt>{f.route}</dt><dd>{terms.value.route[followUp.route]}{followUp.directorate && `, ${terms.value.directorate[followUp.directorate]}`}</dd></div>
        <div><dt>{terms.value.taxpayer}</dt><dd>{taxpayer.name}</dd></div>
        <div><dt>{f.phone}</dt><dd>{taxpayer.phone}{taxpayer.extension && ` (${t.extension(taxpayer.extension)})`}</dd></div>
        {taxpayer.npwp && <div><dt>NPWP</dt><dd>{taxpayer.npwp}</dd></div>}
        <div><dt>{terms.value.agent}</dt><dd>{agent ?? t.noAgent}</dd></div>
        <div><dt>{t.received}</dt><dd>{momentOf(followUp.received_at)}</dd></div>
        <div><dt>{terms.value.deadline}</dt><dd>{momentOf(followUp.deadline)}{followUp.deadline_provisional && ` (${common.value.provisional})`}</dd></div>
        {state.retry_at && <div><dt>{t.retry}</dt><dd>{momentOf(state.retry_at)}</dd></div>}
        <div><dt>{t.attempts}</dt><dd>{state.attempt}</dd></div>
        {followUp.follows && <div><dt>{terms.value.earlier}</dt><dd><TicketLink id={followUp.follows} ticket={t.showEarlier} /></dd></div>}
        {followUp.message && <div class="wide"><dt>{terms.value.message}</dt><dd class="message">{followUp.message}</dd></div>}
      </dl>
    </section>
  )
}
