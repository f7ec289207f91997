import { expect, it } from 'vitest'
import { lastReview, nameOf } from './dossier/custody'
import { nextOf } from './next'
import type { CustodyLink, SealedDossier } from './types'

const listed = (...reviews: SealedDossier['review'][]) => reviews.map((review, i) => ({ id: String(i), review }) as SealedDossier)

it('goes on down the list, and begins anew at its end', () => {
  const list = listed('none', 'accepted', 'none', 'none')
  expect(nextOf(list, '0')).toBe('2')
  expect(nextOf(list, '2')).toBe('3')
  expect(nextOf(list, '3')).toBe('0')
  expect(nextOf(list, 'elsewhere')).toBe('0')
})

it('leads nowhere when all are reviewed, or nothing was listed', () => {
  expect(nextOf(listed('accepted', 'none'), '1')).toBeUndefined()
  expect(nextOf([], '1')).toBeUndefined()
})

it('takes the last verdict of the chain, and calls people by their names', () => {
  const chain = ['opened', 'returned', 'accepted', 'linked'].map((act, i) => ({ act, seq: i + 1 }) as CustodyLink)
  expect(lastReview(chain)?.seq).toBe(3)
  expect(lastReview(chain.slice(0, 1))).toBeUndefined()
  expect(['system', 'user:sari', 'agent:agent-1', 'switch:pbx1'].map((actor) => nameOf(actor, 'Sistem'))).toEqual(['Sistem', 'sari', 'agent-1', 'pbx1'])
})
