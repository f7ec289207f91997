import type { Calendar } from '../api/types'

const minute = 60_000

/** The office's hours, as far as the daemon told them: a week back, a month ahead. */
export class WorkingTime {
  private readonly intervals: { from: number; to: number }[]

  constructor(private readonly calendar: Calendar) {
    this.intervals = calendar.intervals.map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }))
  }

  get zone(): string {
    return this.calendar.zone
  }

  get alwaysOpen(): boolean {
    return this.calendar.always_open
  }

  /** Working time from a to b in milliseconds; negative when b is before a. */
  between(a: number, b: number): number {
    if (b < a) return -this.between(b, a)
    if (this.alwaysOpen) return b - a
    let sum = 0
    for (const { from, to } of this.intervals) {
      sum += Math.max(0, Math.min(to, b) - Math.max(from, a))
    }
    return sum
  }

  open(at: number): boolean {
    return this.alwaysOpen || this.intervals.some(({ from, to }) => from <= at && at < to)
  }

  /** The moment itself when the office works then, else the next opening, if one is known. */
  nextOpen(at: number): number | undefined {
    if (this.open(at)) return at
    return this.intervals.find(({ from }) => from > at)?.from
  }

  /** Moments within office hours from `from` on, on whole steps, at most `count`. */
  slots(from: number, step: number, count: number): number[] {
    const found: number[] = []
    for (let at = Math.ceil(from / step) * step; found.length < count; at += step) {
      const open = this.nextOpen(at)
      if (open === undefined) break
      at = Math.ceil(open / step) * step
      if (this.open(at)) found.push(at)
    }
    return found
  }
}

/** Whole minutes: what is left is rounded down, what is overdue is rounded up. */
export function wholeMinutes(milliseconds: number): number {
  return Math.floor(milliseconds / minute)
}
