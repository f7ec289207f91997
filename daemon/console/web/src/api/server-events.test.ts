import { describe, expect, it } from 'vitest'
import { ServerEventParser, type ServerEvent } from './server-events'

function parse(...pieces: string[]) {
  const events: ServerEvent[] = []
  const parser = new ServerEventParser((event) => events.push(event))
  for (const piece of pieces) parser.push(piece)
  return { events, id: parser.lastEventID, parser }
}

const block = 'id: 7-1\nevent: change\ndata: {"version":3}\n\n'

describe('ServerEventParser', () => {
  it('reads an event however the stream is cut', () => {
    for (let cut = 0; cut <= block.length; cut++) {
      const { events, id } = parse(block.slice(0, cut), block.slice(cut))
      expect(events).toEqual([{ event: 'change', data: '{"version":3}' }])
      expect(id).toBe('7-1')
    }
  })

  it('takes an id without data as a position, and tells no event', () => {
    const { events, id } = parse('retry: 2000\n\nid: 9-0\n\n')
    expect(events).toEqual([])
    expect(id).toBe('9-0')
  })

  it('passes heartbeats over and joins lines of data', () => {
    expect(parse(': alive\n\ndata: a\ndata: b\r\n\r\n').events).toEqual([{ event: 'message', data: 'a\nb' }])
  })

  it('does not move its position by a block that was cut off', () => {
    const { parser, events } = parse('id: 1-0\ndata: a\n\nid: 2-0\nevent: change\ndata: lost')
    parser.restart()
    parser.push('data: b\n\n')
    expect(parser.lastEventID).toBe('1-0')
    expect(events.map((event) => event.data)).toEqual(['a', 'b'])
  })
})
