const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']

/** A size in bytes, as people read it. */
export function sizeOf(bytes: number): string {
  let at = 0
  while (bytes >= 1024 && at < units.length - 1) {
    bytes /= 1024
    at++
  }
  return `${at === 0 || bytes >= 100 ? Math.round(bytes) : bytes.toFixed(1)} ${units[at]}`
}

/** How full the spool is, in whole per cent, rounded up: what holds something is not empty. */
export function spoolPercent({ bytes, limit }: { bytes: number; limit: number }): number {
  return limit > 0 ? Math.min(100, Math.ceil((bytes / limit) * 100)) : 0
}
