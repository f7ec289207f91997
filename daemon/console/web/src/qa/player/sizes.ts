// The drawing in pixels: flags above, then the two tracks, then the time.
export const flagRow = 26
export const trackHeight = 64
export const axisRow = 20
export const height = flagRow + 2 * trackHeight + axisRow
export const middles = { agent: flagRow + trackHeight / 2, taxpayer: flagRow + trackHeight * 1.5 } as const
export const bottom = flagRow + 2 * trackHeight
