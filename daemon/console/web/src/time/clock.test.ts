import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Clock, dayOf } from './clock'

describe('Clock', () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-26T16:59:30Z') }))
  afterEach(() => void vi.useRealTimers())

  it('shows the daemon’s time and turns the day in the office’s zone', () => {
    const clock = new Clock()
    clock.start()
    clock.set('2026-11-26T16:59:40Z', 'Asia/Jakarta') // this machine is ten seconds late
    expect(clock.day.value).toBe('2026-11-26')
    vi.advanceTimersByTime(21_000)
    expect(clock.now.value).toBe(Date.parse('2026-11-26T17:00:01Z'))
    expect(clock.day.value).toBe('2026-11-27')
    clock.stop()
  })

  it('notices that the machine slept, and only then', () => {
    const clock = new Clock()
    const woke = vi.fn()
    clock.onWake = woke
    clock.start()
    vi.advanceTimersByTime(600_000)
    expect(woke).not.toHaveBeenCalled()
    vi.setSystemTime(Date.now() + 8 * 3_600_000)
    vi.advanceTimersByTime(1_000)
    expect(woke).toHaveBeenCalledOnce()
    clock.stop()
  })

  it('tells the day of a zone', () => {
    expect(dayOf(Date.parse('2026-12-31T23:30:00Z'), 'Asia/Jakarta')).toBe('2027-01-01')
  })
})
