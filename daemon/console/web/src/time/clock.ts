import { computed, signal } from '@preact/signals'

const tick = 1_000
/** A tick later than this means that the machine slept. Hidden pages tick once a minute. */
const slept = 150_000

/** The office's time: that of the daemon, not of this machine, in the office's zone. */
export class Clock {
  /** Now, in milliseconds since 1970; changes every second. */
  readonly now = signal(Date.now())
  /** Now, but changes every minute only: for whatever shows minutes. */
  readonly minute = computed(() => Math.floor(this.now.value / 60_000) * 60_000)
  readonly zone = signal('Asia/Jakarta')
  /** The day in the office's zone, as 2026-11-26. */
  readonly day = computed(() => dayOf(this.minute.value, this.zone.value))
  onWake: () => void = () => {}

  private ahead = 0
  private last = Date.now()
  private timer: ReturnType<typeof setInterval> | undefined

  start(): void {
    this.last = Date.now()
    this.timer ??= setInterval(() => this.tick(), tick)
  }

  stop(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  /** Takes over the daemon's time and zone. */
  set(now: string, zone: string): void {
    this.ahead = Date.parse(now) - Date.now()
    this.zone.value = zone
    this.tick()
  }

  private tick(): void {
    const own = Date.now()
    const gap = own - this.last
    this.last = own
    this.now.value = own + this.ahead
    if (gap > slept) this.onWake()
  }
}

/** The day of a moment in a zone, as 2026-11-26. */
export function dayOf(at: number, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
}
