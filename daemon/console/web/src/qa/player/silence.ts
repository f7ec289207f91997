import type { Waveform } from '../types'

/** Below this nobody speaks; full scale is 1. */
const quiet = 0.015
/** Shorter pauses belong to how people talk, in seconds. */
const shortest = 1.5
/** What is left of a skipped stretch before the voice, in seconds. */
const lead = 0.3

export interface Silence {
  from: number
  /** Where to go on. */
  to: number
}

/** The stretches in which neither track has a voice. */
export function silences({ seconds, agent, taxpayer }: Waveform): Silence[] {
  const found: Silence[] = []
  const step = seconds / Math.max(agent.length, 1)
  let from: number | undefined
  for (let i = 0; i <= agent.length; i++) {
    const silent = i < agent.length && agent[i]! < quiet && (taxpayer[i] ?? 0) < quiet
    if (silent) from ??= i * step
    else if (from !== undefined) {
      const end = i < agent.length ? i * step - lead : seconds
      if (end - from >= shortest) found.push({ from, to: end })
      from = undefined
    }
  }
  return found
}

/** Where to go on when the player is in a silence, or where it is. */
export function past(at: number, found: readonly Silence[]): number {
  return found.find(({ from, to }) => at >= from + lead && at < to - 0.1)?.to ?? at
}
