import type { Route, Submission } from '../api/types'
import { zonedTime } from '../time/zoned'

/** A follow-up as it is typed. */
export interface Draft {
  ticket: string
  route: Route | ''
  directorate: string
  taxpayer: string
  npwp: string
  phone: string
  extension: string
  message: string
  /** On the office's clocks, as 2026-11-26T09:15; empty: now. */
  received: string
  agent: string
  follows: string
  allowDuplicate: boolean
}

export const emptyDraft: Draft = {
  ticket: '', route: '', directorate: '', taxpayer: '', npwp: '', phone: '', extension: '', message: '', received: '', agent: '', follows: '',
  allowDuplicate: false,
}

export function isOpinion(route: Draft['route']): boolean {
  return route === 'opinion_requested' || route === 'opinion_unrequested'
}

/** The fields of the daemon that stand on the form, in its order. */
export const fieldOrder = [
  'ticket', 'route', 'directorate', 'follows', 'taxpayer', 'npwp', 'phone', 'extension', 'message', 'received_at', 'agent',
] as const

/** What is sent of a draft: what is empty, or of another route, is left out. */
export function submissionOf(draft: Draft, zone: string): Submission {
  const sent: Submission = { ticket: draft.ticket, route: draft.route, taxpayer: draft.taxpayer, phone: draft.phone, message: draft.message }
  if (isOpinion(draft.route) && draft.directorate) sent.directorate = draft.directorate
  if (draft.route === 'opinion_unrequested' && draft.follows) sent.follows = draft.follows.trim()
  if (draft.npwp) sent.npwp = draft.npwp
  if (draft.extension) sent.extension = draft.extension
  if (draft.agent) sent.agent = draft.agent
  const [day, time] = draft.received.split('T')
  if (day && time) sent.received_at = new Date(zonedTime(day, time.slice(0, 5), zone)).toISOString()
  if (draft.allowDuplicate) sent.allow_duplicate = true
  return sent
}
