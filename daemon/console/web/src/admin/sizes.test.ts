import { expect, it } from 'vitest'
import { sizeOf, spoolPercent } from './sizes'

it('writes sizes as people read them', () => {
  expect([0, 1023, 1024, 1536 * 1024, 250 * 1024 ** 3].map(sizeOf)).toEqual(['0 B', '1023 B', '1.0 KiB', '1.5 MiB', '250 GiB'])
})

it('calls a spool empty only when it is', () => {
  expect([spoolPercent({ bytes: 0, limit: 100 }), spoolPercent({ bytes: 1, limit: 1e9 }), spoolPercent({ bytes: 5, limit: 0 })]).toEqual([0, 1, 0])
})
