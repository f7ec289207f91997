/** One track as a closed shape around its middle, as the `d` of an SVG path. */
export function wavePath(peaks: readonly number[], width: number, middle: number, half: number): string {
  const columns = Math.max(1, Math.min(peaks.length, Math.floor(width)))
  const upper: string[] = []
  const lower: string[] = []
  for (let x = 0; x < columns; x++) {
    const from = Math.floor((x * peaks.length) / columns)
    const to = Math.max(from + 1, Math.floor(((x + 1) * peaks.length) / columns))
    const height = Math.max(loudest(peaks, from, to) * half, 0.5)
    const place = ((x / columns) * width).toFixed(1)
    upper.push(`${place} ${(middle - height).toFixed(1)}`)
    lower.push(`${place} ${(middle + height).toFixed(1)}`)
  }
  return `M${upper.join('L')}L${lower.reverse().join('L')}Z`
}

/** The loudest of a stretch, at most 1. */
export function loudest(peaks: readonly number[], from = 0, to = peaks.length): number {
  let most = 0
  for (let i = from; i < to; i++) most = Math.max(most, peaks[i] ?? 0)
  return Math.min(most, 1)
}

/** A round step for the time axis, in seconds, so that its labels have room. */
export function axisStep(seconds: number, width: number): number {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800]
  const room = Math.max(1, width / 70)
  return steps.find((step) => seconds / step <= room) ?? 3600
}
