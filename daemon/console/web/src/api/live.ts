import { signal } from '@preact/signals'
import type { Fetch } from './api'
import { EventStream } from './event-stream'
import type { Change } from './types'

type Listener = (change: Change) => void

/** What changes, as it changes, for all parts of a page. */
export class Live {
  /** Grows when events may have been missed: whoever shows data reads it again. */
  readonly resync = signal(0)
  onUnauthorized: () => void = () => {}

  private readonly listeners = new Set<Listener>()
  private readonly stream: EventStream

  constructor(fetch: Fetch) {
    this.stream = new EventStream('/v1/events', fetch, {
      onEvent: (event) => {
        if (event.event === 'change') this.tell(JSON.parse(event.data) as Change)
      },
      onGap: () => this.readAgain(),
      onUnauthorized: () => this.onUnauthorized(),
    })
  }

  get connection() {
    return this.stream.state
  }

  start(): void {
    this.stream.start()
  }

  stop(): void {
    this.stream.stop()
  }

  /** After sleep, or when the network is back. */
  wake(): void {
    this.stream.reconnect()
    this.readAgain()
  }

  readAgain(): void {
    this.resync.value = this.resync.peek() + 1 // also from within an effect
  }

  /** Calls listener for every change until the returned function is called. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change)
  }
}
