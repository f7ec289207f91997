// The schemas of openapi.yaml that Quality Assurance alone reads.
import type { ID, Outcome, Route } from '../api/types'

export type Verdict = 'accepted' | 'returned'

/** One sealed dossier of a search: no name, no number. */
export interface SealedDossier {
  id: ID
  ticket: string
  route: Route
  status: 'closed' | 'cancelled'
  agent?: string
  outcome?: Outcome
  received_at: string
  deadline: string
  contacted_at?: string
  sealed_at: string
  met_deadline: boolean
  missed_cause?: string
  seconds: number
  attempts: number
  review: 'none' | Verdict
}

export interface DossierPage {
  dossiers: SealedDossier[]
  next?: string
}

/** One link of the custody chain. */
export interface CustodyLink {
  seq: number
  at: string
  actor: string
  act: 'opened' | 'linked' | 'held' | 'released' | Verdict
  object?: string
  remarks?: string
  held?: boolean
  prev: string
  sha256: string
}

/** What verifying a dossier found. */
export interface Proof {
  sound: boolean
  objects: number
  links: number
  broken?: { object: string; why: string }
}

/** The loudest sample of each of equal stretches, from 0 to 1. */
export interface Waveform {
  seconds: number
  agent: number[]
  /** Empty of a recording with one track. */
  taxpayer: number[]
}
