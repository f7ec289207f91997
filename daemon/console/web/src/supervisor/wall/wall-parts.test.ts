import { describe, expect, it } from 'vitest'
import type { BoardWaiting } from '../../api/types'
import { barsOf, topOf } from './bars'
import { likelyLate, percentOf } from './forecast'

function waiting(id: string, chance: number, deadline: string): BoardWaiting {
  return { id, ticket: id, route: 'answer', status: 'queued', deadline, attempts: 0, forecast: { will_miss: chance >= 0.8, chance } }
}

describe('forecast', () => {
  it('lists what is likely late, the most certain first, then by deadline', () => {
    const late = likelyLate([
      waiting('in-time', 0.49, '2026-11-26T01:00:00Z'), waiting('may-be', 0.5, '2026-11-26T02:00:00Z'),
      waiting('later', 0.9, '2026-11-26T04:00:00Z'), waiting('earlier', 0.9, '2026-11-26T03:00:00Z'),
    ])
    expect(late.map(({ id }) => id)).toEqual(['earlier', 'later', 'may-be'])
  })

  it('calls nothing certain that is not', () => {
    expect([0, 0.001, 0.534, 0.999, 1].map(percentOf)).toEqual([0, 1, 53, 99, 100])
  })
})

describe('bars', () => {
  const size = { width: 140, height: 100, gap: 0 }

  it('has a scale that holds all days, also when there are none', () => {
    expect(topOf([])).toBe(1)
    expect(topOf([{ met: 3, missed: 0 }])).toBe(5)
    expect(topOf([{ met: 90, missed: 11 }])).toBe(200)
    expect(topOf([{ met: 10, missed: 0 }])).toBe(10)
  })

  it('stacks what was missed on what was met, within the picture', () => {
    const [one, two] = barsOf([{ met: 4, missed: 1 }, { met: 0, missed: 0 }], size)
    expect(one!.met).toEqual({ y: 20, height: 80 })
    expect(one!.missed).toEqual({ y: 0, height: 20 })
    expect(two!.met.height + two!.missed.height).toBe(0)
    expect(two!.x).toBe(70)
  })

  it('shows a single miss on a day of a thousand, and stays within the picture', () => {
    const [bar] = barsOf([{ met: 999, missed: 1 }], size)
    expect(bar!.missed.height).toBeGreaterThanOrEqual(2)
    expect(bar!.missed.y).toBeGreaterThanOrEqual(0)
  })
})
