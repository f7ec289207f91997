import { describe, expect, it } from 'vitest'
import { zonedTime } from './zoned'

describe('zonedTime', () => {
  it.each([
    ['2026-11-26', '09:15', 'Asia/Jakarta', '2026-11-26T02:15:00.000Z'],
    ['2026-11-26', '00:30', 'Asia/Jayapura', '2026-11-25T15:30:00.000Z'],
    ['2026-07-01', '12:00', 'UTC', '2026-07-01T12:00:00.000Z'],
    ['2026-03-29', '01:30', 'Europe/Berlin', '2026-03-29T00:30:00.000Z'],
    ['2026-03-29', '03:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-06-01', '08:00', 'America/St_Johns', '2026-06-01T10:30:00.000Z'],
  ])('reads %s %s in %s', (day, time, zone, expected) => {
    expect(new Date(zonedTime(day, time, zone)).toISOString()).toBe(expected)
  })
})
