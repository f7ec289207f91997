import type { Activity, Outcome, Result, State } from '../../api/types'

/** Where a call stands, as its agent sees it. */
export type Phase = 'agent' | 'dialing' | 'ringing' | 'talking' | 'wrap_up' | 'failed' | 'reconciling' | 'corrected'

/** An attempt that is over. */
export interface PastAttempt {
  attempt: number
  at: string
  result: Result | undefined
  outcome: Outcome | undefined
  note: string
  callbackAt: string | undefined
}

/** What a follow-up's state and history tell about the present call and those before. */
export interface CallView {
  phase: Phase
  /** When the phase began, if the ledger tells. */
  since: string | undefined
  identityAt: string | undefined
  /** Since when the recording is paused. */
  recordingPausedAt: string | undefined
  past: PastAttempt[]
}

export function viewOf(state: State, history: readonly Activity[]): CallView {
  const begin = history.findLastIndex(({ kind }) => kind === 'assigned')
  const present = begin < 0 ? [] : history.slice(begin)
  const phase = phaseOf(state, present)
  const mute = present.findLast(({ kind }) => kind === 'recording_muted' || kind === 'recording_unmuted')
  return {
    phase,
    since: sinceOf(phase, state),
    identityAt: state.call.identity_at,
    recordingPausedAt: phase === 'talking' && mute?.kind === 'recording_muted' ? mute.at : undefined,
    past: pastOf(history.slice(0, Math.max(begin, 0))),
  }
}

function phaseOf(state: State, present: readonly Activity[]): Phase {
  const { call } = state
  switch (state.status) {
    case 'reconciling':
      return 'reconciling'
    case 'handed_back':
      return 'corrected'
    case 'talking':
      return 'talking'
    case 'wrap_up':
      return call.answered_at ? 'wrap_up' : 'failed'
  }
  if (!call.taxpayer_dialing_at) return 'agent'
  return present.some(({ kind }) => kind === 'taxpayer_ringing') ? 'ringing' : 'dialing'
}

function sinceOf(phase: Phase, { call }: State): string | undefined {
  if (phase === 'talking') return call.answered_at
  if (phase === 'wrap_up' || phase === 'failed') return call.ended_at
  return call.taxpayer_dialing_at ?? call.agent_ringing_at
}

function pastOf(history: readonly Activity[]): PastAttempt[] {
  const attempts: PastAttempt[] = []
  for (const { kind, at, details } of history) {
    const last = attempts.at(-1)
    if (kind === 'assigned' || kind === 'manual_conversation') {
      attempts.push({
        attempt: details.attempt ?? attempts.length + 1, at, result: details.result, outcome: details.outcome,
        note: details.note ?? '', callbackAt: details.callback_at,
      })
    } else if (last && kind === 'call_ended') {
      last.result = details.result
    } else if (last && (kind === 'outcome_confirmed' || kind === 'outcome_corrected')) {
      last.outcome = details.outcome
      last.note = details.note ?? ''
      last.callbackAt = details.callback_at
    }
  }
  return attempts
}
