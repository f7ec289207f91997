import { signal } from '@preact/signals'
import type { Fetch } from './api'
import { ServerEventParser, type ServerEvent } from './server-events'

/** The daemon sends something every 15 s; a stream silent for this long is dead. */
const silence = 45_000
/** Waits between tries, in milliseconds; the last one repeats. */
const waits = [500, 1_000, 2_000, 5_000, 10_000, 20_000]
/** After so long without a stream, nobody relies on the daemon's memory of it. */
const longAway = 60_000

export interface StreamListener {
  onEvent(event: ServerEvent): void
  /** Events may have been missed: everything shown is to be read again. */
  onGap(): void
  /** The daemon does not know the session; the stream has ended. */
  onUnauthorized(): void
}

/**
 * Keeps one stream of events open: resumes where it was cut, notices a socket that
 * died in silence, waits longer each time the daemon does not answer.
 */
export class EventStream {
  readonly state = signal<'off' | 'connecting' | 'live' | 'lost'>('off')

  private readonly parser: ServerEventParser
  private running: AbortController | undefined
  private attempt: AbortController | undefined
  private wake: () => void = () => {}
  private lastHeard = 0
  /** Tries in a row that led to no stream. */
  private failed = 0

  constructor(
    private readonly path: string,
    private readonly fetch: Fetch,
    private readonly listener: StreamListener,
    private readonly random: () => number = Math.random,
  ) {
    this.parser = new ServerEventParser((event) => listener.onEvent(event))
  }

  start(): void {
    if (this.running) return
    this.running = new AbortController()
    this.state.value = 'connecting'
    void this.run(this.running.signal)
  }

  stop(): void {
    this.running?.abort()
    this.running = undefined
    this.attempt?.abort()
    this.wake()
    this.parser.lastEventID = ''
    this.state.value = 'off'
  }

  /** Tries anew at once: the machine woke up, or the network came back. */
  reconnect(): void {
    this.failed = 0
    this.attempt?.abort()
    this.wake()
  }

  private async run(stopped: AbortSignal): Promise<void> {
    this.failed = 0
    while (!stopped.aborted) {
      this.attempt = new AbortController()
      await this.read(AbortSignal.any([stopped, this.attempt.signal])).catch(() => {}) // the network failed
      if (stopped.aborted) return
      this.state.value = 'lost'
      await this.pause(waits[Math.min(this.failed++, waits.length - 1)]!)
    }
  }

  /** Reads one connection to its end. */
  private async read(aborted: AbortSignal): Promise<void> {
    this.parser.restart()
    const headers: Record<string, string> = { Accept: 'text/event-stream' }
    const resumed = this.parser.lastEventID !== '' && Date.now() - this.lastHeard < longAway
    if (resumed) headers['Last-Event-ID'] = this.parser.lastEventID
    else this.parser.lastEventID = ''
    const watch = new Watchdog(silence, () => this.attempt?.abort())
    try {
      const response = await this.fetch(this.path, { headers, credentials: 'same-origin', cache: 'no-store', signal: aborted })
      if (response.status === 401) {
        this.stop()
        this.listener.onUnauthorized()
        return
      }
      if (response.status === 400) this.parser.lastEventID = '' // an id of a ledger that is no more
      if (!response.ok || !response.body) return
      this.failed = 0
      await this.consume(response.body, watch, resumed)
    } finally {
      watch.end()
    }
  }

  private async consume(body: ReadableStream<Uint8Array>, watch: Watchdog, resumed: boolean): Promise<void> {
    const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader()
    let positioned = resumed
    this.state.value = 'live'
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      watch.heard()
      this.lastHeard = Date.now()
      this.parser.push(value)
      if (!positioned && this.parser.lastEventID !== '') {
        positioned = true
        this.listener.onGap()
      }
    }
  }

  /** Waits, up to half as long again, so that not all pages come back together. */
  private pause(wait: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, wait * (1 + this.random() / 2))
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

/** Calls back when nothing was heard for a while. */
class Watchdog {
  private timer: ReturnType<typeof setTimeout>

  constructor(private readonly limit: number, private readonly bite: () => void) {
    this.timer = setTimeout(bite, limit)
  }

  heard(): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(this.bite, this.limit)
  }

  end(): void {
    clearTimeout(this.timer)
  }
}
