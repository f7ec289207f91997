import type { Activity } from '../../api/types'

/** What is worth finding again in a recording. */
const marked = [
  'agent_answered', 'taxpayer_answered', 'announcement_played', 'identity_confirmed', 'recording_muted', 'recording_unmuted',
  'monitor_started', 'monitor_ended', 'call_ended',
]

/** How far the clocks of the switch and of its recording may be apart, in seconds. */
const slack = 0.3

export interface Marker {
  /** Seconds from the beginning of the recording. */
  at: number
  kind: string
  /** The activity that it stands for. */
  seq: number
}

/** A stretch that was not recorded on purpose, in seconds. */
export interface Gap {
  from: number
  to: number
}

/** Where the moments of one attempt lie in its recording. */
export class Timeline {
  readonly markers: Marker[]
  readonly gaps: Gap[]
  private readonly own: Activity[]
  /** The activity with which the talk ended: what came after it is not heard. */
  private readonly last: number
  /** The moment at which the recording begins; undefined where nothing tells. */
  private readonly begin: number | undefined

  constructor(history: readonly Activity[], attempt: number, readonly seconds: number) {
    this.own = history.filter(({ details }) => details.attempt === attempt)
    this.last = this.own.find(({ kind }) => kind === 'call_ended')?.seq ?? Infinity
    this.begin = beginOf(this.own)
    this.markers = this.own.flatMap((activity) => {
      const at = marked.includes(activity.kind) ? this.placeOf(activity) : undefined
      return at === undefined ? [] : [{ at, kind: activity.kind, seq: activity.seq }]
    })
    this.gaps = gapsOf(this.markers, seconds)
  }

  /** Seconds from the beginning of the recording to an activity; undefined when it lies outside. */
  placeOf(activity: Activity): number | undefined {
    if (this.begin === undefined || activity.seq > this.last || !this.own.includes(activity)) return undefined
    const at = (Date.parse(activity.at) - this.begin) / 1000
    if (at < -slack || at > this.seconds + slack) return undefined
    return Math.min(Math.max(at, 0), this.seconds)
  }

  /** The marker before a place, for who goes back; one that was just reached is passed over. */
  before(at: number): Marker | undefined {
    return this.markers.findLast((marker) => marker.at < at - 1)
  }

  after(at: number): Marker | undefined {
    return this.markers.find((marker) => marker.at > at + 0.1)
  }
}

/**
 * The answer is where the archivist found it in the recording. Without an answer the
 * switch's own time of the beginning has to do.
 */
function beginOf(own: Activity[]): number | undefined {
  const find = (kind: string) => own.find((activity) => activity.kind === kind)
  const answered = find('taxpayer_answered')
  const offset = find('recording_archived')?.details.offset_ms
  if (answered && offset !== undefined) return Date.parse(answered.at) - offset
  const started = find('recording_started')
  return started && Date.parse(started.at)
}

function gapsOf(markers: Marker[], seconds: number): Gap[] {
  const gaps: Gap[] = []
  let from: number | undefined
  for (const { kind, at } of markers) {
    if (kind === 'recording_muted') from ??= at
    if (from !== undefined && (kind === 'recording_unmuted' || kind === 'call_ended')) {
      gaps.push({ from, to: at })
      from = undefined
    }
  }
  if (from !== undefined) gaps.push({ from, to: seconds })
  return gaps
}
