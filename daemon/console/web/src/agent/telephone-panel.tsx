import { Badge, type Tone } from '../ui/badge'
import { Notice } from '../ui/notice'
import { telephone } from './phone'
import type { TelephoneState } from './telephone/telephone'
import { agentTexts } from './texts'

const tones: Record<TelephoneState, Tone> = {
  starting: 'neutral', desk: 'neutral', insecure: 'warn', elsewhere: 'info', connecting: 'neutral', registered: 'good', lost: 'warn', refused: 'bad',
}

/** Which telephone rings, whether it can, and what to do when not. */
export function TelephonePanel() {
  const t = agentTexts.value.telephone
  const state = telephone.state.value
  return (
    <section class="panel" aria-label={t.heading}>
      <div class="panel-head">
        <h2>{t.heading}</h2>
        <Badge tone={tones[state]}>{t.states[state]}</Badge>
      </div>
      {t.hints[state] && <p class="soft">{t.hints[state]}</p>}
      <Troubles />
    </section>
  )
}

/** The same in short, beside a call: in full only what is wrong. */
export function TelephoneLine() {
  const t = agentTexts.value.telephone
  const state = telephone.state.value
  const wrong = state === 'lost' || state === 'refused' || state === 'insecure' || state === 'elsewhere'
  return (
    <div class="telephone-line">
      {wrong && <Notice tone={tones[state]}><strong>{t.states[state]}.</strong> {t.hints[state]}</Notice>}
      <Troubles />
    </div>
  )
}

function Troubles() {
  const t = agentTexts.value.telephone
  const { headset } = telephone
  const fault = headset.fault.value
  return (
    <>
      {fault && telephone.state.value !== 'desk' && <Notice tone="bad">{t.faults[fault]}</Notice>}
      {telephone.call.value === 'resuming' && <Notice tone="warn">{t.resuming}…</Notice>}
      {headset.silenced.value && <Notice tone="bad" action={{ label: t.unsilence, act: () => headset.unsilence() }}>{t.silenced}</Notice>}
    </>
  )
}
