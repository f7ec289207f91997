import { describe, expect, it } from 'vitest'
import type { Activity, Details } from '../../api/types'
import { Timeline } from './timeline'

const start = Date.parse('2026-11-26T02:00:00Z')
let seq = 0

function activity(kind: string, after: number, details: Details = {}): Activity {
  return {
    follow_up: 'F', seq: ++seq, at: new Date(start + after * 1000).toISOString(), actor: 'system', kind, prev: '', hash: '',
    details: { attempt: 1, ...details },
  }
}

/** A talk whose recording begins 2 s before the answer. */
const talk = [
  activity('assigned', -9),
  activity('recording_started', -5),
  activity('taxpayer_answered', 0),
  activity('announcement_played', 4),
  activity('recording_muted', 10),
  activity('recording_unmuted', 13.5),
  activity('identity_confirmed', 15),
  activity('call_ended', 20),
  activity('recording_archived', 25, { offset_ms: 2_000, duration_ms: 22_000 }),
  activity('taxpayer_answered', 300, { attempt: 2 }),
]

describe('Timeline', () => {
  it('places what happened by where the answer lies in the recording', () => {
    const { markers } = new Timeline(talk, 1, 22)
    expect(markers.map(({ kind, at }) => [kind, at])).toEqual([
      ['taxpayer_answered', 2], ['announcement_played', 6], ['recording_muted', 12], ['recording_unmuted', 15.5], ['identity_confirmed', 17], ['call_ended', 22],
    ])
  })

  it('leads to what lies within the recording, and to nothing else', () => {
    const line = new Timeline(talk, 1, 22)
    const places = talk.map((one) => line.placeOf(one))
    expect(places.map((place) => place !== undefined)).toEqual([false, false, true, true, true, true, true, true, false, false])
  })

  it('does not lead to what was done with the recording at once after the talk', () => {
    const archived = activity('recording_archived', 20.1, { offset_ms: 2_000 })
    const line = new Timeline([...talk.slice(0, 8), archived], 1, 22)
    expect(line.placeOf(archived)).toBeUndefined()
  })

  it('tells what was not recorded on purpose, also where the call ended meanwhile', () => {
    expect(new Timeline(talk, 1, 22).gaps).toEqual([{ from: 12, to: 15.5 }])
    expect(new Timeline(talk.filter(({ kind }) => kind !== 'recording_unmuted'), 1, 22).gaps).toEqual([{ from: 12, to: 22 }])
    const cut = talk.filter(({ kind }) => kind !== 'recording_unmuted' && kind !== 'call_ended')
    expect(new Timeline(cut, 1, 21).gaps).toEqual([{ from: 12, to: 21 }])
  })

  it('takes the switch’s beginning where nobody answered', () => {
    const rang = [activity('recording_started', 0), activity('taxpayer_ringing', 1), activity('call_ended', 3), activity('recording_archived', 4, { duration_ms: 3_000 })]
    const line = new Timeline(rang, 1, 3)
    expect(line.markers).toMatchObject([{ kind: 'call_ended', at: 3 }])
    expect(line.placeOf(rang[1]!)).toBe(1)
  })

  it('places nothing in a recording that was handed in', () => {
    const line = new Timeline([activity('recording_archived', 4), activity('call_ended', 1)], 1, 60)
    expect(line.markers).toEqual([])
  })

  it('goes from marker to marker', () => {
    const line = new Timeline(talk, 1, 22)
    expect(line.after(2)?.kind).toBe('announcement_played')
    expect(line.after(22)).toBeUndefined()
    expect(line.before(6.4)?.kind).toBe('taxpayer_answered') // not the one that was just reached
    expect(line.before(2)).toBeUndefined()
  })
})
