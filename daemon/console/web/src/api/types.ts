// The schemas of openapi.yaml that the pages read, under the same names.

export type ID = string
export type Route = 'answer' | 'opinion_requested' | 'opinion_unrequested'
export type Directorate = 'pp1' | 'pp2'
export type Status =
  | 'awaiting_agent' | 'queued' | 'assigned' | 'dialing' | 'talking' | 'wrap_up' | 'reconciling' | 'handed_back'
  | 'closed' | 'cancelled'
export type Presence = 'offline' | 'ready' | 'paused'
export type Outcome =
  | 'delivered' | 'callback' | 'wrong_person' | 'refused' | 'needs_escalation' | 'cut_off' | 'voicemail'
  | 'identity_unconfirmed' | 'unconfirmed'
export type Result =
  | 'answered' | 'busy' | 'no_answer' | 'rejected' | 'unreachable' | 'invalid_number' | 'agent_no_answer'
  | 'trunk_failure' | 'interrupted' | 'unknown'
export type Role = 'agent' | 'supervisor' | 'qa' | 'admin'
export type Dossier = 'open' | 'archiving' | 'sealed'
export type MissedCause = 'assignment' | 'agents' | 'trunk' | 'unreachable' | 'system'

export interface FollowUp {
  id: ID
  ticket: string
  route: Route
  directorate?: Directorate
  taxpayer: { name: string; npwp?: string; phone: string; extension?: string }
  message?: string
  follows?: ID
  agent?: string
  received_at: string
  entered_at: string
  deadline: string
  deadline_provisional?: boolean
  calendar: string
  manual?: boolean
}

export interface Call {
  agent_ringing_at?: string
  agent_answered_at?: string
  taxpayer_dialing_at?: string
  answered_at?: string
  identity_at?: string
  ended_at?: string
  ringback_at?: string
  result?: Result
  sip_code?: number
  talk_ms?: number
  outcome?: Outcome
  callback_at?: string
  announced?: boolean
  muted_at?: string
  manual?: boolean
  /** The supervisor in the talk. */
  monitor?: { actor: string; mode: MonitorMode; since: string }
}

export type MonitorMode = 'listen' | 'whisper'

export interface Recording {
  attempt: number
  status: 'at_switch' | 'verified' | 'alarmed'
  answered_at?: string
  ended_at?: string
  sha256?: string
  bytes?: number
  duration_ms?: number
  alarm?: string
  manual?: boolean
}

export interface State {
  follow_up: FollowUp
  version: number
  head: string
  status: Status
  dossier: Dossier
  attempt: number
  counted: number
  assignment?: { agent: string; switch: string; fence: number; attempt: number }
  call: Call
  retry_at?: string
  outcome?: Outcome
  reason?: string
  recordings?: Recording[]
  switch?: string
  last_agent?: string
  contacted_at?: string
  confirmed_at?: string
  documented_at?: string
  sealed_at?: string
  manifest?: string
  warned?: boolean
  agent_absent?: boolean
  missed?: boolean
  missed_cause?: MissedCause
}

/** What an activity tells beyond its kind; which fields there are depends on the kind. */
export interface Details {
  attempt?: number
  agent?: string
  result?: Result
  sip_code?: number
  ended_by?: 'agent' | 'taxpayer' | 'system'
  talk_ms?: number
  outcome?: Outcome
  via?: 'keypad' | 'in_talk' | 'ringback' | 'api'
  note?: string
  callback_at?: string
  next?: 'close' | 'retry' | 'hand_back'
  retry_at?: string
  reason?: string
  offset_ms?: number
  conversation_ms?: number
  duration_ms?: number
  [field: string]: unknown
}

export interface Activity {
  follow_up: ID
  seq: number
  at: string
  /** system, agent:ID, user:NAME or switch:NAME */
  actor: string
  kind: string
  details: Details
  prev: string
  hash: string
}

export interface Agent {
  id: string
  endpoint: string
  switch: string
  specialisation?: string
  presence: Presence
  pause_reason?: string
  since: string
  reserved?: ID
}

/** One event of /v1/events. It carries no personal data. */
export interface Change {
  follow_up?: ID
  version?: number
  status?: Status
  kind?: string
  agent?: string
}

export interface User {
  name: string
  role: Role
  agent?: string
  language?: 'id' | 'en'
}

export interface Session {
  user: User
  csrf: string
  expires_at: string
}

/** The browser's own telephone, from GET /v1/telephone. */
export interface TelephoneAccount {
  url: string
  uri: string
  user: string
  password: string
  /** null where none is needed */
  ice_servers: RTCIceServer[] | null
}

export interface Interval {
  from: string
  to: string
}

/** The office's hours, from GET /v1/calendar. */
export interface Calendar {
  version: string
  zone: string
  always_open: boolean
  now: string
  intervals: Interval[]
  holidays: { date: string; name: string }[]
  provisional: boolean
  /** Of every call, in seconds; mute_seconds 0: the recording may stay paused for the whole talk. */
  limits: { mute_seconds: number; wrap_up_seconds: number }
}

/** The supervisor's wall, from GET /v1/board. */
export interface Board {
  at: string
  agents: BoardAgent[]
  /** What awaits an agent first, then by deadline. */
  waiting: BoardWaiting[]
  /** How many wait beyond those listed. */
  more?: number
  today: Kept
  /** The last 14 working days, today last. */
  days: (Kept & { day: string })[]
}

/** How many deadlines were met and missed. */
export interface Kept {
  met: number
  missed: number
}

export interface BoardAgent {
  id: string
  presence: Presence
  pause_reason?: string
  since: string
  switch: string
  reserved?: ID
  status?: Status
  ticket?: string
}

export interface BoardWaiting {
  id: ID
  ticket: string
  route: Route
  status: 'awaiting_agent' | 'queued' | 'handed_back'
  deadline: string
  agent?: string
  retry_at?: string
  attempts: number
  result?: Result
  reason?: string
  forecast: Forecast
}

export type ForecastWhy =
  | 'overdue' | 'not_assigned' | 'handed_back' | 'nobody_ready' | 'agent_away' | 'agent_busy' | 'queue' | 'long_call' | 'not_reached'
  | 'trunk' | 'not_documented'

/** A forecast, not a promise. */
export interface Forecast {
  will_miss: boolean
  /** 0 to 1 */
  chance: number
  expected_at?: string
  cause?: MissedCause
  why?: ForecastWhy
}

/** What is sent to POST /v1/follow-ups. */
export interface Submission {
  ticket: string
  route: Route | ''
  directorate?: string
  taxpayer: string
  npwp?: string
  phone: string
  extension?: string
  message: string
  received_at?: string
  agent?: string
  follows?: ID
  allow_duplicate?: boolean
}

/** The answer to a dry run of it. */
export interface Rehearsal {
  deadline: string
  deadline_provisional?: boolean
  awaits_agent?: boolean
}

export interface ImportFault {
  line: number
  /** In bytes, from 1. */
  column?: number
  field: string
  reason: string
  remedy: string
}

export interface ImportReport {
  rows: number
  bad: number
  faults?: ImportFault[]
  omitted?: number
  enqueued: number
  already: number
  skipped: number
  refused?: ImportFault[]
  preview?: { line: number; ticket: string; route: string; directorate?: string; agent?: string; received_at?: string; already?: boolean; ticket_open?: boolean }[]
}

/** A record of GET /v1/users. */
export interface Account {
  name: string
  role: Role
  agent?: string
  endpoint?: string
  switch?: string
  language?: 'id' | 'en'
  disabled?: boolean
  changed: string
}

interface Part {
  ok: boolean
  version?: string
  why?: string
}

/** The installation as it is now, from GET /v1/system. */
export interface System {
  version: string
  node: string
  dialling: Part
  switches: { name: string; owned: boolean; owner?: string; reachable: boolean; why?: string }[]
  counts: Partial<Record<Status, number>>
  spool: { bytes: number; limit: number; files: number }
  evidence_pending: number
  awaiting_bucket: number
  redis: Part
  archive: Part
}
