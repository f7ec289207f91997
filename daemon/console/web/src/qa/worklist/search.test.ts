import { describe, expect, it } from 'vitest'
import { bodyOf, faultsOf, periodOf, worklist } from './search'

describe('a search', () => {
  it('begins with what nobody has reviewed', () => {
    expect(bodyOf(worklist, 'Asia/Jakarta')).toEqual({ review: 'none' })
  })

  it('asks for days of the office, minutes of talk, and only what was filled in', () => {
    const search = {
      ...worklist, ticket: ' T-1 ', phone: '0812 3456', fromDay: '2026-11-26', toDay: '2026-11-26', minMinutes: '1,5', maxMinutes: '10', review: '' as const,
    }
    expect(bodyOf(search, 'Asia/Jakarta')).toEqual({
      ticket: 'T-1', phone: '0812 3456', from: '2026-11-25T17:00:00.000Z', to: '2026-11-26T17:00:00.000Z', min_seconds: 90, max_seconds: 600,
    })
  })

  it('has the last day whole, also at the end of a month', () => {
    expect(periodOf('', '2026-12-31', 'Asia/Jayapura')).toEqual({ to: '2026-12-31T15:00:00.000Z' })
  })

  it('finds bounds that cross', () => {
    expect(faultsOf(worklist)).toEqual({ day: false, length: false })
    expect(faultsOf({ ...worklist, fromDay: '2026-11-27', toDay: '2026-11-26', minMinutes: '3', maxMinutes: '2' })).toEqual({ day: true, length: true })
  })
})
