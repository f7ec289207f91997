import type { Outcome, Route } from '../../api/types'
import { zonedTime } from '../../time/zoned'
import type { SealedDossier } from '../types'

/** A search as it stands in the form. */
export interface Search {
  ticket: string
  agent: string
  /** Days of the office, as 2026-11-26. */
  fromDay: string
  toDay: string
  outcome: Outcome | ''
  route: Route | ''
  minMinutes: string
  maxMinutes: string
  phone: string
  review: SealedDossier['review'] | ''
}

/** What QA has to do comes first. */
export const worklist: Search = {
  ticket: '', agent: '', fromDay: '', toDay: '', outcome: '', route: '', minMinutes: '', maxMinutes: '', phone: '', review: 'none',
}

/** The body of POST /v1/dossiers/search. Days are those of the office. */
export function bodyOf(search: Search, zone: string): Record<string, string | number> {
  const body: Record<string, string | number> = {}
  for (const key of ['ticket', 'agent', 'outcome', 'route', 'phone', 'review'] as const) {
    const value = search[key].trim()
    if (value) body[key] = value
  }
  Object.assign(body, periodOf(search.fromDay, search.toDay, zone))
  const [min, max] = [secondsOf(search.minMinutes), secondsOf(search.maxMinutes)]
  if (min) body.min_seconds = min
  if (max) body.max_seconds = max
  return body
}

/** From the beginning of the first day to the end of the last one, as moments. */
export function periodOf(fromDay: string, toDay: string, zone: string): { from?: string; to?: string } {
  const period: { from?: string; to?: string } = {}
  if (fromDay) period.from = new Date(zonedTime(fromDay, '00:00', zone)).toISOString()
  if (toDay) period.to = new Date(zonedTime(dayAfter(toDay), '00:00', zone)).toISOString()
  return period
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

function secondsOf(minutes: string): number {
  const value = Number(minutes.replace(',', '.'))
  return Number.isFinite(value) ? Math.round(value * 60) : 0
}

/** What the form itself finds wrong, before anybody is asked. */
export function faultsOf(search: Search): { day: boolean; length: boolean } {
  const [min, max] = [secondsOf(search.minMinutes), secondsOf(search.maxMinutes)]
  return {
    day: search.fromDay !== '' && search.toDay !== '' && search.toDay < search.fromDay,
    length: max > 0 && max < min,
  }
}

