/** The moment of a day (2026-11-26) and a time (09:15) on the clocks of a zone. */
export function zonedTime(day: string, time: string, zone: string): number {
  const asUTC = Date.parse(`${day}T${time}:00Z`)
  // The offset at the moment itself: once more, because the first guess may lie beyond a change of the clocks.
  const guess = asUTC - offsetAt(asUTC, zone)
  return asUTC - offsetAt(guess, zone)
}

/** How far the clocks of a zone are ahead of UTC, in milliseconds. */
function offsetAt(at: number, zone: string): number {
  const name = formatOf(zone).formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
  if (!sign) return 0
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Formats are dear to make: one for each zone. */
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (!format) formats.set(zone, (format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })))
  return format
}
