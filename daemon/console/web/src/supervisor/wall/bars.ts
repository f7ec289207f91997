import type { Kept } from '../../api/types'

/** One day's bar, in the units of the picture: what was met below, what was missed on top of it. */
export interface Bar {
  x: number
  width: number
  met: { y: number; height: number }
  missed: { y: number; height: number }
}

export interface Size {
  width: number
  height: number
  /** Part of a bar's place that stays free, 0 to 1. */
  gap: number
}

/** The highest number of the scale: the first of 1, 2, 5, 10, 20, 50 … that holds all days. */
export function topOf(days: readonly Kept[]): number {
  const most = Math.max(1, ...days.map(({ met, missed }) => met + missed))
  for (let unit = 1; ; unit *= 10) {
    for (const step of [1, 2, 5]) if (step * unit >= most) return step * unit
  }
}

/** Lays the days out side by side. A day with a miss shows it, however many were met. */
export function barsOf(days: readonly Kept[], { width, height, gap }: Size): Bar[] {
  const top = topOf(days)
  const place = width / Math.max(1, days.length)
  const least = 2
  return days.map(({ met, missed }, i) => {
    const missedHeight = missed === 0 ? 0 : Math.max(least, (missed / top) * height)
    const metHeight = Math.min((met / top) * height, height - missedHeight)
    const metY = height - metHeight
    return {
      x: i * place + (place * gap) / 2,
      width: place * (1 - gap),
      met: { y: metY, height: metHeight },
      missed: { y: metY - missedHeight, height: missedHeight },
    }
  })
}
