import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { EventStream, type StreamListener } from './event-stream'

/** One connection: what the page asked, and the means to answer. */
interface Connection {
  lastEventID: string | null
  write: (text: string) => Promise<void>
  cut: () => void
  fail: () => void
}

/** A daemon that answers with the statuses given, then with 200. */
function daemon(statuses: number[] = []) {
  const connections: Connection[] = []
  const fetch = vi.fn(async (_: string, init: RequestInit = {}) => {
    const lastEventID = new Headers(init.headers).get('Last-Event-ID')
    const status = statuses.shift() ?? 200
    let controller!: ReadableStreamDefaultController<Uint8Array>
    const body = new ReadableStream<Uint8Array>({ start: (given) => void (controller = given) })
    init.signal?.addEventListener('abort', () => controller.error(new Error('aborted')))
    connections.push({
      lastEventID,
      write: async (text) => {
        controller.enqueue(new TextEncoder().encode(text))
        await settle()
      },
      cut: () => controller.close(),
      fail: () => controller.error(new TypeError('network error')),
    })
    return new Response(status === 200 ? body : null, { status })
  })
  return { connections, fetch }
}

const settle = () => vi.advanceTimersByTimeAsync(0)

function listener() {
  return { onEvent: vi.fn(), onGap: vi.fn(), onUnauthorized: vi.fn() } satisfies StreamListener
}

describe('EventStream', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('resumes after the last event when the connection is cut', async () => {
    const { connections, fetch } = daemon()
    const told = listener()
    const stream = new EventStream('/v1/events', fetch, told, () => 0)
    stream.start()
    await settle()
    await connections[0]!.write('id: 5-0\n\nid: 6-0\nevent: change\ndata: {}\n\nid: 7-0\nevent: cha')
    expect(told.onGap).toHaveBeenCalledOnce() // it began: all that is shown is read once
    expect(stream.state.value).toBe('live')
    connections[0]!.cut()
    await settle()
    expect(stream.state.value).toBe('lost')
    await vi.advanceTimersByTimeAsync(500)
    expect(connections[1]!.lastEventID).toBe('6-0')
    await connections[1]!.write('id: 7-0\nevent: change\ndata: {}\n\n')
    expect(told.onEvent).toHaveBeenCalledTimes(2)
    expect(told.onGap).toHaveBeenCalledOnce()
    stream.stop()
  })

  it('notices a connection that died in silence', async () => {
    const { connections, fetch } = daemon()
    const stream = new EventStream('/v1/events', fetch, listener(), () => 0)
    stream.start()
    await settle()
    await connections[0]!.write('id: 5-0\n\n')
    await vi.advanceTimersByTimeAsync(40_000)
    await connections[0]!.write(': alive\n\n')
    await vi.advanceTimersByTimeAsync(40_000)
    expect(connections).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(6_000)
    expect(connections).toHaveLength(2)
    stream.stop()
  })

  it('reads everything again after a long time away', async () => {
    const { connections, fetch } = daemon([200, ...Array<number>(12).fill(503)])
    const told = listener()
    const stream = new EventStream('/v1/events', fetch, told, () => 0)
    stream.start()
    await settle()
    await connections[0]!.write('id: 5-0\n\n')
    connections[0]!.cut()
    while (connections.length < 14) await vi.advanceTimersByTimeAsync(1_000)
    const last = connections.at(-1)!
    expect(last.lastEventID).toBeNull()
    await last.write('id: 90-0\n\n')
    expect(told.onGap).toHaveBeenCalledTimes(2)
    stream.stop()
  })

  it('waits longer each time the daemon does not answer', async () => {
    const { fetch } = daemon([503, 503, 503])
    const stream = new EventStream('/v1/events', fetch, listener(), () => 0)
    stream.start()
    await settle()
    for (const [wait, calls] of [[499, 1], [1, 2], [999, 2], [1, 3], [1_999, 3], [1, 4]] as const) {
      await vi.advanceTimersByTimeAsync(wait)
      expect(fetch).toHaveBeenCalledTimes(calls)
    }
    stream.stop()
  })

  it('does not wait longer because earlier connections, which had been open, failed', async () => {
    const { connections, fetch } = daemon()
    const stream = new EventStream('/v1/events', fetch, listener(), () => 0)
    stream.start()
    await settle()
    for (let n = 1; n < 8; n++) {
      await connections.at(-1)!.write('id: 5-0\n\n')
      connections.at(-1)!.fail()
      await vi.advanceTimersByTimeAsync(500)
      expect(connections).toHaveLength(n + 1)
    }
    stream.stop()
  })

  it('does not wait long when it is told to try anew while a try hangs', async () => {
    const { connections, fetch } = daemon([503, 503, 503, 503, 503])
    const stream = new EventStream('/v1/events', fetch, listener(), () => 0)
    stream.start()
    while (connections.length < 6) await vi.advanceTimersByTimeAsync(1_000)
    stream.reconnect()
    await vi.advanceTimersByTimeAsync(500)
    expect(connections).toHaveLength(7)
    stream.stop()
  })

  it('forgets a position that the daemon does not know', async () => {
    const { connections, fetch } = daemon([200, 400])
    const stream = new EventStream('/v1/events', fetch, listener(), () => 0)
    stream.start()
    await settle()
    await connections[0]!.write('id: 5-0\n\n')
    connections[0]!.cut()
    await vi.advanceTimersByTimeAsync(5_000)
    expect(connections.map((connection) => connection.lastEventID)).toEqual([null, '5-0', null])
    stream.stop()
  })

  it('ends with the session', async () => {
    const { fetch } = daemon([401])
    const told = listener()
    const stream = new EventStream('/v1/events', fetch, told, () => 0)
    stream.start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(told.onUnauthorized).toHaveBeenCalledOnce()
    expect(fetch).toHaveBeenCalledOnce()
    expect(stream.state.value).toBe('off')
  })
})
