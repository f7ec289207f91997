import { dayOf } from '../../time/clock'
import type { WorkingTime } from '../../time/working-time'
import { zonedTime } from '../../time/zoned'

/** How many days of work are offered. */
const offered = 7
/** The step of the times that are offered, in milliseconds. */
export const quarter = 15 * 60_000

/** The next days on which there is a time to choose, as 2026-11-26. */
export function officeDays(hours: WorkingTime, now: number): string[] {
  const found: string[] = []
  for (let i = 0; i < 30 && found.length < offered; i++) {
    const at = now + i * 24 * 3_600_000
    const day = dayOf(at, hours.zone)
    const [first] = hours.slots(Math.max(zonedTime(day, '00:00', hours.zone), now + 1), quarter, 1)
    if (first !== undefined && dayOf(first, hours.zone) === day) found.push(day)
  }
  return found
}

/** The quarters of an hour on a day at which the office works, as 09:15. */
export function officeTimes(hours: WorkingTime, day: string, now: number): string[] {
  const found: string[] = []
  for (let minutes = 0; minutes < 24 * 60; minutes += 15) {
    const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
    const at = zonedTime(day, time, hours.zone)
    if (at > now && hours.open(at)) found.push(time)
  }
  return found
}
