import { describe, expect, it } from 'vitest'
import type { Calendar } from '../api/types'
import { wholeMinutes, WorkingTime } from './working-time'

const hour = 3_600_000
const at = (text: string) => Date.parse(`${text}+07:00`)

/** Thursday and Monday with a break on Thursday; Friday is a holiday. */
const office: Calendar = {
  version: 'test', zone: 'Asia/Jakarta', always_open: false, now: '2026-11-26T09:00:00+07:00', holidays: [], provisional: false, limits: { mute_seconds: 60, wrap_up_seconds: 180 },
  intervals: [
    { from: '2026-11-26T08:00:00+07:00', to: '2026-11-26T12:00:00+07:00' },
    { from: '2026-11-26T13:00:00+07:00', to: '2026-11-26T16:00:00+07:00' },
    { from: '2026-11-30T08:00:00+07:00', to: '2026-11-30T16:00:00+07:00' },
  ],
}

describe('WorkingTime', () => {
  const time = new WorkingTime(office)

  it.each([
    ['within an interval', '2026-11-26T09:00:00', '2026-11-26T09:45:00', 0.75],
    ['over the break', '2026-11-26T11:30:00', '2026-11-26T13:30:00', 1],
    ['over the night, the holiday and the weekend', '2026-11-26T15:30:00', '2026-11-30T08:30:00', 1],
    ['within the break', '2026-11-26T12:10:00', '2026-11-26T12:50:00', 0],
    ['backwards: overdue', '2026-11-26T13:30:00', '2026-11-26T11:30:00', -1],
  ])('counts %s', (_, from, to, hours) => {
    expect(time.between(at(from), at(to))).toBe(hours * hour)
  })

  it('knows when the office works', () => {
    expect(time.open(at('2026-11-26T08:00:00'))).toBe(true)
    expect(time.open(at('2026-11-26T12:00:00'))).toBe(false)
    expect(time.open(at('2026-11-26T16:00:00'))).toBe(false)
    expect(time.nextOpen(at('2026-11-26T16:00:00'))).toBe(at('2026-11-30T08:00:00'))
    expect(time.nextOpen(at('2026-11-30T16:00:00'))).toBeUndefined()
  })

  it('offers moments within office hours only', () => {
    const slots = time.slots(at('2026-11-26T15:10:00'), hour / 2, 4)
    expect(slots).toEqual([at('2026-11-26T15:30:00'), at('2026-11-30T08:00:00'), at('2026-11-30T08:30:00'), at('2026-11-30T09:00:00')])
    expect(time.slots(at('2026-11-30T15:40:00'), hour / 2, 4)).toEqual([])
  })

  it('counts every minute when the office is always open', () => {
    const always = new WorkingTime({ ...office, always_open: true, intervals: [] })
    expect(always.between(at('2026-11-26T23:00:00'), at('2026-11-27T01:00:00'))).toBe(2 * hour)
    expect(always.open(at('2026-11-28T03:00:00'))).toBe(true)
    expect(always.slots(at('2026-11-28T03:10:00'), hour / 2, 1)).toEqual([at('2026-11-28T03:30:00')])
  })

  it('rounds what is left down and what is overdue up', () => {
    expect(wholeMinutes(119_000)).toBe(1)
    expect(wholeMinutes(-1_000)).toBe(-1)
  })
})
