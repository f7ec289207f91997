import { signal } from '@preact/signals'
import { past, type Silence } from './silence'

export const speeds = [0.75, 1, 1.25, 1.5, 2] as const

/** Plays one recording. The browser asks the daemon for the pieces it needs. */
export class Player {
  readonly playing = signal(false)
  /** Seconds from the beginning. */
  readonly at = signal(0)
  readonly speed = signal(1)
  readonly skipping = signal(false)
  readonly failed = signal(false)

  private readonly audio = new Audio()
  private frame = 0

  constructor(address: string, readonly seconds: number, private readonly silences: readonly Silence[]) {
    this.audio.preload = 'metadata'
    this.audio.src = address
    this.audio.onplay = () => {
      this.playing.value = true
      this.follow()
    }
    this.audio.onpause = () => void (this.playing.value = false)
    this.audio.onended = () => void (this.playing.value = false)
    this.audio.onseeked = () => void (this.at.value = this.audio.currentTime)
    this.audio.onerror = () => void (this.failed.value = true)
  }

  toggle(): void {
    if (this.playing.peek()) this.audio.pause()
    else this.play()
  }

  play(): void {
    if (this.at.peek() >= this.seconds - 0.05) this.seek(0)
    this.audio.play().catch(() => void (this.failed.value ||= this.audio.error !== null))
  }

  seek(to: number): void {
    const at = Math.min(Math.max(to, 0), this.seconds)
    this.audio.currentTime = at
    this.at.value = at
  }

  /** One step faster or slower. */
  quicken(by: 1 | -1): void {
    const next = speeds[speeds.indexOf(this.speed.peek() as (typeof speeds)[number]) + by]
    if (next) this.setSpeed(next)
  }

  setSpeed(speed: number): void {
    this.speed.value = speed
    this.audio.playbackRate = speed
  }

  /** After an address or a network that failed. */
  retry(): void {
    const at = this.at.peek()
    this.failed.value = false
    this.audio.load()
    this.seek(at)
  }

  end(): void {
    cancelAnimationFrame(this.frame)
    this.audio.pause()
    this.audio.removeAttribute('src')
    this.audio.load() // lets go of the connection
  }

  /** While it plays: where it is, and on over what is silent. */
  private follow(): void {
    cancelAnimationFrame(this.frame)
    const step = () => {
      const at = this.audio.currentTime
      const to = this.skipping.peek() ? past(at, this.silences) : at
      if (to !== at) this.audio.currentTime = to
      this.at.value = to
      if (!this.audio.paused) this.frame = requestAnimationFrame(step)
    }
    step()
  }
}
