import { signal } from '@preact/signals'
import { Samples } from './pcm'

const rate = 8_000
/** How far ahead sound is planned, so that a late packet leaves no hole, in seconds. */
const ahead = 0.15
/** How long is waited before a daemon that did not answer is asked again, in milliseconds. */
const pause = 2_000

/** The headset of the demonstration: what the simulated telephone sounds like, from the daemon. */
export class Earpiece {
  /** The loudest of what is played just now, 0 to 1. */
  readonly level = signal(0)
  /** The loudest since the page was opened. */
  readonly loudest = signal(0)
  /** The browser plays nothing until somebody clicks. */
  readonly blocked = signal(false)

  private readonly context = new AudioContext()
  private readonly meter = this.context.createAnalyser()
  private readonly shown = new Float32Array(this.meter.fftSize)
  private readonly ended = new AbortController()
  private next = 0

  constructor(private readonly address: string) {
    this.meter.connect(this.context.destination)
    this.context.onstatechange = () => this.look()
    this.look()
    void this.listen()
  }

  /** Lets the browser play, after a click. */
  allow(): void {
    void this.context.resume()
  }

  end(): void {
    this.ended.abort()
    this.context.onstatechange = null
    void this.context.close()
  }

  private look(): void {
    this.blocked.value = this.context.state !== 'running'
  }

  /** One stream for each call, one after another. */
  private async listen(): Promise<void> {
    const { signal } = this.ended
    while (!signal.aborted) {
      try {
        const response = await fetch(this.address, { signal, credentials: 'same-origin' })
        if (!response.ok || !response.body) throw new Error(`status ${response.status}`)
        const reader = response.body.getReader()
        const samples = new Samples()
        for (let part = await reader.read(); !part.done; part = await reader.read()) this.play(samples.take(part.value))
      } catch {
        if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, pause))
      }
      this.level.value = 0
    }
  }

  private play(samples: Float32Array<ArrayBuffer>): void {
    if (samples.length === 0 || this.context.state !== 'running') return
    const buffer = this.context.createBuffer(1, samples.length, rate)
    buffer.copyToChannel(samples, 0)
    const source = this.context.createBufferSource()
    source.buffer = buffer
    source.connect(this.meter)
    const now = this.context.currentTime
    const at = this.next > now ? this.next : now + ahead
    source.start(at)
    this.next = at + buffer.duration
    this.measure()
  }

  private measure(): void {
    this.meter.getFloatTimeDomainData(this.shown)
    this.level.value = this.shown.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
    this.loudest.value = Math.max(this.loudest.value, this.level.value)
  }
}
