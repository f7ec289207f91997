import type { BoardWaiting } from '../../api/types'

/** From this chance on somebody should look at it; the daemon says why from here on, too. */
const likely = 0.5

/** Those that will more likely than not be late, the most certain first, then the earliest deadline. */
export function likelyLate(waiting: readonly BoardWaiting[]): BoardWaiting[] {
  return waiting
    .filter(({ forecast }) => forecast.chance >= likely)
    .sort((a, b) => b.forecast.chance - a.forecast.chance || a.deadline.localeCompare(b.deadline))
}

/** A chance in whole per cent; one that is not certain is neither 0 nor 100. */
export function percentOf(chance: number): number {
  const rounded = Math.round(chance * 100)
  if (chance > 0 && rounded === 0) return 1
  return chance < 1 && rounded === 100 ? 99 : rounded
}
