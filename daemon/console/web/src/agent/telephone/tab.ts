import { signal } from '@preact/signals'

const name = 'sambung-telephone'

/**
 * Sees to it that one tab alone holds the telephone (Web Locks API). Another tab
 * waits, and takes over as soon as the holder is closed or loaded anew.
 */
export class TabLock {
  /** Whether this tab holds it; undefined until that is known. */
  readonly held = signal<boolean | undefined>(undefined)

  private release: () => void = () => {}
  private waiting: AbortController | undefined

  constructor(private readonly locks: LockManager) {}

  async take(): Promise<void> {
    if (this.waiting) return
    const waiting = new AbortController()
    this.waiting = waiting
    const got = await this.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await this.hold(waiting.signal)
      return lock !== null
    })
    if (got || waiting.signal.aborted) return
    this.held.value = false
    await this.locks.request(name, { signal: waiting.signal }, () => this.hold(waiting.signal)).catch(() => {})
  }

  drop(): void {
    this.waiting?.abort()
    this.waiting = undefined
    this.held.value = undefined
    this.release()
  }

  private hold(dropped: AbortSignal): Promise<void> {
    if (dropped.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      this.release = resolve
      this.held.value = true
    })
  }
}
