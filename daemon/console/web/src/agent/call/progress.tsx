import { clock } from '../../app/services'
import { lengthOf } from '../../time/format'
import { agentTexts } from '../texts'
import type { CallView, Phase } from './call-view'

const steps = ['agent', 'dialing', 'talking', 'wrap_up'] as const

const stepOf: Record<Phase, number> = { agent: 0, dialing: 1, ringing: 1, reconciling: 1, talking: 2, wrap_up: 3, corrected: 3, failed: 1 }

/** Where the call stands, in words and as a step of four, with the time in it. */
export function Progress({ view }: { view: CallView }) {
  const t = agentTexts.value.call
  const at = stepOf[view.phase]
  return (
    <div class={`progress progress-${view.phase}`}>
      <p class="progress-phase" role="status">{t.phases[view.phase]}</p>
      {view.since && view.phase !== 'corrected' && (
        <p class="progress-time number" aria-hidden="true">{lengthOf(clock.now.value - Date.parse(view.since))}</p>
      )}
      <ol class="steps">
        {steps.map((step, i) => (
          <li key={step} class={i < at ? 'passed' : undefined} aria-current={i === at ? 'step' : undefined}>{t.steps[step]}</li>
        ))}
      </ol>
    </div>
  )
}
