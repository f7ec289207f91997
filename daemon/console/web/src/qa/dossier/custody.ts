import type { CustodyLink } from '../types'

/** The last verdict of a chain. */
export function lastReview(chain: readonly CustodyLink[]): CustodyLink | undefined {
  return chain.findLast(({ act }) => act === 'accepted' || act === 'returned')
}

/** Who acted: user:NAME and agent:ID are what people call them. */
export function nameOf(actor: string, system: string): string {
  return actor === 'system' ? system : actor.replace(/^(user|agent|switch):/, '')
}
