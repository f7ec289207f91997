import { describe, expect, it } from 'vitest'
import type { Activity, Call, Details, State, Status } from '../../api/types'
import { viewOf } from './call-view'

function state(status: Status, call: Call = {}): State {
  return { status, call, follow_up: {} } as State
}

function history(...entries: (string | [string, Details])[]): Activity[] {
  return entries.map((entry, i) => {
    const [kind, details] = typeof entry === 'string' ? [entry, {}] : entry
    return { kind, details, at: `2026-11-26T09:00:${String(i).padStart(2, '0')}Z`, seq: i + 1 } as Activity
  })
}

const ringing = { agent_ringing_at: 'r' }
const dialed = { ...ringing, taxpayer_dialing_at: 'd' }
const answered = { ...dialed, answered_at: 'a' }

describe('viewOf', () => {
  it.each([
    ['agent', state('assigned'), history('assigned')],
    ['agent', state('dialing', ringing), history('assigned', 'agent_ringing', 'agent_answered')],
    ['dialing', state('dialing', dialed), history('assigned', 'taxpayer_dialing')],
    ['ringing', state('dialing', dialed), history('assigned', 'taxpayer_dialing', 'taxpayer_ringing')],
    ['talking', state('talking', answered), history('assigned', 'taxpayer_answered')],
    ['wrap_up', state('wrap_up', { ...answered, ended_at: 'e' }), history('assigned', 'call_ended')],
    ['failed', state('wrap_up', { ...dialed, ended_at: 'e' }), history('assigned', 'call_ended')],
    ['reconciling', state('reconciling', answered), history('assigned', 'reconciling')],
    ['corrected', state('handed_back', answered), history('assigned', 'wrap_up_expired', 'attempt_settled')],
  ] as const)('knows the phase %s', (phase, given, activities) => {
    expect(viewOf(given, activities).phase).toBe(phase)
  })

  it('does not take the ringing of an earlier attempt for this one’s', () => {
    const activities = history('assigned', 'taxpayer_ringing', 'call_ended', 'attempt_settled', 'assigned', 'taxpayer_dialing')
    expect(viewOf(state('dialing', dialed), activities).phase).toBe('dialing')
  })

  it('knows whether the recording is paused, in this talk alone', () => {
    const talk = state('talking', answered)
    expect(viewOf(talk, history('assigned', 'recording_muted')).recordingPausedAt).toBe('2026-11-26T09:00:01Z')
    expect(viewOf(talk, history('assigned', 'recording_muted', 'recording_unmuted')).recordingPausedAt).toBeUndefined()
    expect(viewOf(talk, history('assigned', 'recording_muted', 'call_ended', 'assigned')).recordingPausedAt).toBeUndefined()
  })

  it('tells the attempts before with their results and outcomes', () => {
    const activities = history(
      ['assigned', { attempt: 1 }], ['call_ended', { result: 'busy' }], 'attempt_settled',
      ['assigned', { attempt: 2 }], ['call_ended', { result: 'answered' }], ['outcome_confirmed', { outcome: 'callback', note: 'n' }],
      ['assigned', { attempt: 3 }], 'agent_ringing',
    )
    expect(viewOf(state('dialing', ringing), activities).past).toMatchObject([
      { attempt: 1, result: 'busy', outcome: undefined, note: '' },
      { attempt: 2, result: 'answered', outcome: 'callback', note: 'n' },
    ])
  })
})
