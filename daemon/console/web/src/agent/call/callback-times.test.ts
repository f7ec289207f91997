import { describe, expect, it } from 'vitest'
import { WorkingTime } from '../../time/working-time'
import { officeDays, officeTimes } from './callback-times'

const hours = new WorkingTime({
  version: 't', zone: 'Asia/Jakarta', always_open: false, now: '', holidays: [], provisional: false, limits: { mute_seconds: 60, wrap_up_seconds: 180 },
  intervals: [
    { from: '2026-11-26T08:00:00+07:00', to: '2026-11-26T16:00:00+07:00' },
    { from: '2026-11-30T08:00:00+07:00', to: '2026-11-30T09:00:00+07:00' },
  ],
})
const at = (text: string) => Date.parse(`${text}+07:00`)

describe('callback times', () => {
  it('offers days on which the office still works', () => {
    expect(officeDays(hours, at('2026-11-26T15:44:00'))).toEqual(['2026-11-26', '2026-11-30'])
    expect(officeDays(hours, at('2026-11-26T16:00:00'))).toEqual(['2026-11-30'])
    expect(officeDays(hours, at('2026-11-26T23:30:00'))).toEqual(['2026-11-30'])
  })

  it('offers no day that has no time left to choose', () => {
    const late = at('2026-11-26T15:45:00')
    expect(officeTimes(hours, '2026-11-26', late)).toEqual([])
    expect(officeDays(hours, late)).toEqual(['2026-11-30'])
  })

  it('offers times that are in the future and within office hours', () => {
    expect(officeTimes(hours, '2026-11-30', at('2026-11-26T10:00:00'))).toEqual(['08:00', '08:15', '08:30', '08:45'])
    expect(officeTimes(hours, '2026-11-30', at('2026-11-30T08:15:00'))).toEqual(['08:30', '08:45'])
    expect(officeTimes(hours, '2026-11-28', at('2026-11-26T10:00:00'))).toEqual([])
  })
})
