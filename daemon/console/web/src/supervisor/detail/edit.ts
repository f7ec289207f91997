import type { FollowUp } from '../../api/types'

/** What of a follow-up can be corrected. */
export interface Editable {
  taxpayer: string
  npwp: string
  phone: string
  extension: string
  message: string
}

export function editableOf({ taxpayer, message }: FollowUp): Editable {
  return { taxpayer: taxpayer.name, npwp: taxpayer.npwp ?? '', phone: taxpayer.phone, extension: taxpayer.extension ?? '', message: message ?? '' }
}

/** What differs. What is left out stays as it is at the daemon; an empty text empties it. */
export function changesOf(before: Editable, now: Editable): Partial<Editable> {
  const keys = Object.keys(now) as (keyof Editable)[]
  return Object.fromEntries(keys.filter((key) => now[key] !== before[key]).map((key) => [key, now[key]]))
}
