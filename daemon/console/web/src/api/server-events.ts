/** One message of a stream of server-sent events (HTML standard, section 9.2.6). */
export interface ServerEvent {
  event: string
  data: string
}

/**
 * Reads server-sent events from the pieces of a stream. The browser's EventSource
 * would do, but for three things: it hides the heartbeats, so that a dead socket is
 * not noticed; it cannot be told where to go on; and it does not tell 401 from 503.
 */
export class ServerEventParser {
  /** Where to go on from: the id of the last block that was read whole. */
  lastEventID = ''

  private rest = ''
  private id: string | undefined
  private event = ''
  private data: string[] = []

  constructor(private readonly onEvent: (event: ServerEvent) => void) {}

  push(text: string): void {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/)
    this.rest = lines.pop() ?? ''
    for (const line of lines) this.line(line)
  }

  /** Forgets a block that was cut off; its event comes again. */
  restart(): void {
    this.rest = ''
    this.clear()
  }

  private line(line: string): void {
    if (line === '') return this.dispatch()
    const colon = line.indexOf(':')
    if (colon === 0) return // a comment: the heartbeat
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    switch (field) {
      case 'id':
        if (!value.includes('\0')) this.id = value
        break
      case 'event':
        this.event = value
        break
      case 'data':
        this.data.push(value)
        break
    }
  }

  private dispatch(): void {
    const { event, data, id } = this
    this.clear()
    if (id !== undefined) this.lastEventID = id
    if (data.length > 0) this.onEvent({ event: event || 'message', data: data.join('\n') })
  }

  private clear(): void {
    this.id = undefined
    this.event = ''
    this.data = []
  }
}
