import { effect, signal, type ReadonlySignal } from '@preact/signals'
import { asFailure, type Failure } from './failure'
import type { Live } from './live'
import type { Change } from './types'

/** Changes within this time are answered by one reading, in milliseconds, unless the options say otherwise. */
const gather = 150
/** Waits before a failed reading is tried again; the last one repeats. */
const retries = [1_000, 2_000, 5_000, 10_000, 20_000]

export interface ResourceOptions {
  /** Which changes make it worth reading again; left out: none. */
  on?: (change: Change) => boolean
  /** Changes within this time are answered by one reading, in milliseconds: for what is costly to make or changes all the time. */
  gather?: number
}

/**
 * Data of the daemon that is kept as it is there: read at once, again after changes
 * that matter, and again after a gap in the events. A failed reading is repeated,
 * and what was read before stays.
 */
export class Resource<T> {
  private readonly value = signal<T | undefined>(undefined)
  private readonly fault = signal<Failure | undefined>(undefined)
  private readonly busy = signal(true)

  private reading: AbortController | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private due = Infinity
  private again = false
  private failed = 0
  private readonly gather: number
  private readonly ends: (() => void)[]

  constructor(private readonly load: (signal: AbortSignal) => Promise<T>, live: Live, options: ResourceOptions = {}) {
    this.gather = options.gather ?? gather
    this.ends = [
      live.listen((change) => {
        if (options.on?.(change)) this.schedule(this.gather)
      }),
      effect(() => {
        void live.resync.value
        this.schedule(0)
      }),
    ]
  }

  get data(): ReadonlySignal<T | undefined> {
    return this.value
  }

  /** Why the latest reading failed; undefined once one succeeded. */
  get failure(): ReadonlySignal<Failure | undefined> {
    return this.fault
  }

  get loading(): ReadonlySignal<boolean> {
    return this.busy
  }

  reload(): void {
    this.schedule(0)
  }

  /** Puts in what an answer to a command told already. It is read once more: the answer may have come late, after a change since. */
  set(value: T): void {
    this.value.value = value
    this.schedule(this.gather)
  }

  end(): void {
    for (const end of this.ends) end()
    this.reading?.abort()
    clearTimeout(this.timer)
  }

  private schedule(wait: number): void {
    if (this.reading) {
      this.again = true
      return
    }
    // A reading that is due earlier answers this too: a stream of changes does not put it off for ever.
    const due = Date.now() + wait
    if (this.due <= due) return
    this.due = due
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.read(), wait)
  }

  private async read(): Promise<void> {
    const reading = new AbortController()
    this.reading = reading
    this.due = Infinity
    this.again = false
    this.busy.value = true
    let retry: number | undefined
    try {
      this.value.value = await this.load(reading.signal)
      this.fault.value = undefined
      this.failed = 0
    } catch (thrown) {
      if (reading.signal.aborted) return
      const failure = asFailure(thrown)
      this.fault.value = failure
      if (failure.passing) retry = retries[Math.min(this.failed++, retries.length - 1)]
    }
    this.reading = undefined
    this.busy.value = false
    if (this.again) this.schedule(this.gather)
    else if (retry !== undefined) this.schedule(retry)
  }
}
