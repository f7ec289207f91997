import { computed } from '@preact/signals'
import { clock } from '../app/services'
import { language } from '../i18n/language'

const locales = { id: 'id-ID', en: 'en-GB' } as const

function formatter(options: Intl.DateTimeFormatOptions) {
  const made = computed(() => new Intl.DateTimeFormat(locales[language.value], { timeZone: clock.zone.value, ...options }))
  return (at: string | number): string => made.value.format(typeof at === 'string' ? Date.parse(at) : at)
}

/** The hour and minute of a moment in the office's zone, such as 09.15. */
export const timeOf = formatter({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
/** The same with seconds. */
export const timeWithSeconds = formatter({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
/** Day and month, such as Kam, 26 Nov. */
export const dateOf = formatter({ weekday: 'short', day: 'numeric', month: 'short' })
/** Day, month and year. */
export const longDateOf = formatter({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })

/** A moment to the second with its year, for what is kept for years. */
export const longMomentOf = formatter({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })

/** A moment: the time alone when it is today, else with its date. */
export function momentOf(at: string | number): string {
  const time = typeof at === 'string' ? Date.parse(at) : at
  const sameDay = dateOf(time) === dateOf(clock.minute.value)
  return sameDay ? timeOf(time) : `${dateOf(time)} ${timeOf(time)}`
}

/** A length as 4:05 or 1:02:03, in milliseconds. */
export function lengthOf(milliseconds: number): string {
  const total = Math.max(0, Math.floor(milliseconds / 1000))
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}
