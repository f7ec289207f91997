// @vitest-environment happy-dom
import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Line } from './line'
import { DialogMemory } from './remembered-dialog'
import { resumeDialog } from './resume'

const made = vi.hoisted(() => ({ ua: undefined as unknown }))
vi.mock('jssip', async () => {
  const { EventEmitter } = await import('node:events')
  class UA extends EventEmitter {
    start = vi.fn()
    stop = vi.fn()
    register = vi.fn()
    constructor() {
      super()
      made.ua = this
    }
  }
  return { UA, WebSocketInterface: class {} }
})
vi.mock('./resume', () => ({ resumeDialog: vi.fn(), rememberable: () => undefined }))

type UA = EventEmitter & { register: () => void }

const account = { url: 'wss://pbx.example:8089/ws', uri: 'sip:agent-1@pbx.example', user: 'agent-1', password: 'p', ice_servers: [] }

/** A microphone, and whether it is on. */
function microphone() {
  const track = { kind: 'audio', enabled: true, live: true, stop: () => void (track.live = false) }
  return { track, stream: { getTracks: () => [track], getAudioTracks: () => [track] } as unknown as MediaStream }
}

/** A line whose microphone is given by the test. */
function line() {
  const asked: ((stream: MediaStream) => void)[] = []
  const media = { microphone: () => new Promise<MediaStream>((resolve) => asked.push(resolve)), play: vi.fn() }
  const memory = new DialogMemory()
  const line = new Line(account, media, memory)
  return { line, memory, ua: made.ua as UA, give: (stream: MediaStream) => asked.shift()!(stream) }
}

/** A call that comes in. */
class Session extends EventEmitter {
  direction = 'incoming'
  over = false
  answer = vi.fn()
  terminate = vi.fn()
  renegotiate = vi.fn()
  sender: { track: unknown; replaceTrack: (track: unknown) => Promise<void> } = { track: undefined, replaceTrack: async (track) => void (this.sender.track = track) }
  connection = { getSenders: () => [this.sender], addEventListener: () => {}, close: vi.fn(), iceConnectionState: 'connected' }

  isEnded() {
    return this.over
  }

  end(how: 'ended' | 'failed') {
    this.over = true
    this.emit(how)
  }
}

const settled = () => vi.advanceTimersByTimeAsync(0)

/** A call in which another microphone was chosen, which is not given yet. */
async function changing() {
  const { line: phone, ua, give } = line()
  const [session, first, second] = [new Session(), microphone(), microphone()]
  ua.emit('newRTCSession', { session })
  give(first.stream)
  await settled()
  session.sender.track = first.track
  void phone.replaceMicrophone()
  return { session, first, second, give }
}

describe('Line', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => {
    localStorage.clear()
    vi.clearAllMocks()
    vi.clearAllTimers()
    vi.useRealTimers()
  })

  it('registers anew after the switch gave no answer on a connection that stays', async () => {
    const { line: phone, ua } = line()
    ua.emit('registered')
    ua.emit('registrationFailed', { response: null })
    expect(phone.state.value).toBe('lost')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(ua.register).toHaveBeenCalledTimes(1)
    ua.emit('registrationFailed', { response: { status_code: 503 } })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(ua.register).toHaveBeenCalledTimes(2)
    ua.emit('registered')
    expect(phone.state.value).toBe('registered')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(ua.register).toHaveBeenCalledTimes(2)
  })

  it('makes the voice anew that was cut off while the switch gave no answer', async () => {
    const { ua, give } = line()
    ua.emit('registered')
    const session = new Session()
    ua.emit('newRTCSession', { session })
    give(microphone().stream)
    await settled()
    session.connection.iceConnectionState = 'failed'
    ua.emit('registrationFailed', { response: null })
    ua.emit('registered')
    await settled()
    expect(session.connection.close).toHaveBeenCalledOnce()
  })

  it('leaves it when it was refused, when the connection is gone, and when it has ended', async () => {
    const { line: phone, ua } = line()
    ua.emit('registrationFailed', { response: { status_code: 403 } })
    expect(phone.state.value).toBe('refused')
    await vi.advanceTimersByTimeAsync(60_000)
    ua.emit('registrationFailed', { response: null })
    ua.emit('disconnected') // what comes back registers by itself
    await vi.advanceTimersByTimeAsync(60_000)
    ua.emit('registrationFailed', { response: null })
    phone.stop()
    ua.emit('registrationFailed', { response: null })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(ua.register).not.toHaveBeenCalled()
  })

  it('turns a microphone off that was allowed when the call had gone', async () => {
    const { ua, give } = line()
    const [session, { track, stream }] = [new Session(), microphone()]
    ua.emit('newRTCSession', { session })
    session.end('failed')
    give(stream)
    await settled()
    expect(track.live).toBe(false)
    expect(session.answer).not.toHaveBeenCalled()
  })

  it('turns a microphone off with the call that it was changed to in', async () => {
    const { session, first, second, give } = await changing()
    give(second.stream)
    await settled()
    expect([first.track.live, second.track.live, session.sender.track]).toEqual([false, true, second.track])
    session.end('ended')
    expect(second.track.live).toBe(false)
  })

  it('turns a microphone off that was changed to when the call had gone', async () => {
    const { session, second, give } = await changing()
    session.end('ended')
    give(second.stream)
    await settled()
    expect(second.track.live).toBe(false)
  })

  it('goes on with no earlier call once another one has come', async () => {
    const { memory, ua, give } = line()
    memory.keep({
      account: account.uri, callID: 'c', localTag: 'l', remoteTag: 'r', localURI: 'sip:l', remoteURI: 'sip:r', remoteTarget: 'sip:t', routes: [],
      remoteSequence: 1, localSequence: 10_000,
    })
    ua.emit('registered')
    const [session, first, second] = [new Session(), microphone(), microphone()]
    ua.emit('newRTCSession', { session })
    give(first.stream) // for the earlier one
    give(second.stream)
    await settled()
    expect(resumeDialog).not.toHaveBeenCalled()
    expect([first.track.live, second.track.live]).toEqual([false, true])
    expect(session.answer).toHaveBeenCalledOnce()
  })
})
