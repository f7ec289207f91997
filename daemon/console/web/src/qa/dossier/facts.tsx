import type { ComponentChildren } from 'preact'
import type { State } from '../../api/types'
import { terms } from '../../i18n/terms'
import { longMomentOf } from '../../time/format'
import { Badge } from '../../ui/badge'
import { qaTexts } from '../texts'

/** What the dossier is about. */
export function Facts({ state }: { state: State }) {
  const t = qaTexts.value.facts
  const words = terms.value
  const { follow_up: followUp } = state
  return (
    <section class="panel" aria-label={t.heading}>
      <h2>{t.heading}</h2>
      <dl class="facts">
        <Fact name={words.taxpayer}>{followUp.taxpayer.name}<br /><span class="number">{followUp.taxpayer.phone}</span></Fact>
        <Fact name={t.outcome}>{state.outcome ? words.outcome[state.outcome] : words.status[state.status]}</Fact>
        <Fact name={words.agent}>{state.last_agent ?? followUp.agent ?? '–'}</Fact>
        <Fact name={t.received}>{longMomentOf(followUp.received_at)}</Fact>
        <Fact name={words.deadline}>
          {longMomentOf(followUp.deadline)}{' '}
          <Badge tone={state.missed ? 'bad' : 'good'}>{state.missed ? qaTexts.value.list.missed : qaTexts.value.list.met}</Badge>
          {state.missed_cause && ` ${words.missedCause[state.missed_cause]}`}
        </Fact>
        {state.contacted_at && <Fact name={t.contacted}>{longMomentOf(state.contacted_at)}</Fact>}
        {state.sealed_at && <Fact name={t.sealed}>{longMomentOf(state.sealed_at)}</Fact>}
        {followUp.message && <Fact name={words.message}><span class="message-text">{followUp.message}</span></Fact>}
      </dl>
    </section>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>
}
