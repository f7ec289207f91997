import type { Activity, State } from '../../api/types'
import { Timeline } from '../player/timeline'

/** The time line of every attempt whose recording is in the archive, the first attempt first. */
export function timelinesOf(state: State, history: readonly Activity[]): Map<number, Timeline> {
  const archived = (state.recordings ?? []).filter(({ sha256 }) => sha256)
  return new Map(archived.map(({ attempt, duration_ms }) => [attempt, new Timeline(history, attempt, (duration_ms ?? 0) / 1000)]))
}
