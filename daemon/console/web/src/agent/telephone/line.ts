import { signal } from '@preact/signals'
import { UA, WebSocketInterface } from 'jssip'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { RTCSessionEvent } from 'jssip/lib/UA'
import type { TelephoneAccount } from '../../api/types'
import { DialogMemory } from './remembered-dialog'
import { rememberable, resumeDialog } from './resume'

/** Registered anew so often, in seconds: a socket that died in silence shows within a minute. */
const expires = 60
/**
 * How long after the switch did not take the registration it is asked again, in milliseconds:
 * JsSIP does so by itself only on a new connection.
 */
const registerAgain = 5_000
/** How often the dialog is noted as held, in milliseconds. */
const touchEvery = 5_000
/** Candidates that come later than this after the first are not waited for, in milliseconds. */
const gathering = 500

export type LineState = 'connecting' | 'registered' | 'lost' | 'refused'
export type CallState = 'idle' | 'answering' | 'connected' | 'resuming'

export interface Media {
  /** The microphone chosen; rejects when there is none, or none is allowed. */
  microphone(): Promise<MediaStream>
  /** Lets the other side be heard; null for nobody. */
  play(stream: MediaStream | null): void
}

/**
 * The browser's telephone: registers, answers every call by itself (only the office's
 * switch can ring it), and goes on with a call that an earlier page left behind.
 */
export class Line {
  readonly state = signal<LineState>('connecting')
  readonly call = signal<CallState>('idle')
  readonly muted = signal(false)

  private readonly ua: UA
  private session: RTCSession | undefined
  private touching: ReturnType<typeof setInterval> | undefined
  private wasLost = false
  private again: ReturnType<typeof setTimeout> | undefined
  private stopped = false

  constructor(private readonly account: TelephoneAccount, private readonly media: Media, private readonly memory = new DialogMemory()) {
    this.ua = new UA({
      sockets: [new WebSocketInterface(account.url)],
      uri: account.uri,
      authorization_user: account.user,
      password: account.password,
      register: true,
      register_expires: expires,
      session_timers: false,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 10,
    })
    this.ua.on('registered', () => void this.registered())
    this.ua.on('registrationFailed', ({ response }) => {
      this.state.value = response && response.status_code < 500 ? 'refused' : 'lost'
      if (this.state.value === 'refused') return
      this.wasLost = true
      this.registerLater()
    })
    this.ua.on('disconnected', () => {
      clearTimeout(this.again)
      this.state.value = 'lost'
      this.wasLost = true
    })
    this.ua.on('newRTCSession', ({ session }: RTCSessionEvent) => {
      if (session.direction === 'incoming') this.answer(session)
    })
  }

  start(): void {
    this.ua.start()
  }

  /** Hangs up, signs off and ends. */
  stop(): void {
    this.stopped = true
    clearTimeout(this.again)
    this.forget()
    this.ua.stop()
  }

  /** Mutes one's own microphone; the recording goes on. */
  mute(on: boolean): void {
    if (!this.session) return
    if (on) this.session.mute({ audio: true })
    else this.session.unmute({ audio: true })
    this.muted.value = on
  }

  /** Takes another microphone into the call under way, or goes on with one that lacked any. */
  async replaceMicrophone(): Promise<void> {
    const { session } = this
    if (!session) return this.resume()
    const sender = session.connection?.getSenders().find(({ track }) => track?.kind === 'audio')
    if (!sender) return
    const microphone = await this.media.microphone()
    if (this.session !== session) return stopTracks(microphone)
    stopWith(session, microphone)
    const track = microphone.getAudioTracks()[0]!
    track.enabled = !this.muted.value
    sender.track?.stop()
    await sender.replaceTrack(track)
  }

  private registerLater(): void {
    clearTimeout(this.again)
    if (!this.stopped) this.again = setTimeout(() => this.ua.register(), registerAgain)
  }

  private async registered(): Promise<void> {
    clearTimeout(this.again)
    this.state.value = 'registered'
    const cameBack = this.wasLost
    this.wasLost = false
    if (this.session) {
      if (cameBack && this.session.connection) this.reoffer(this.session)
      return
    }
    await this.resume()
  }

  /** Tells the switch where the telephone is now; where the voice is cut off too, by new media. */
  private reoffer(session: RTCSession): void {
    const ice = session.connection.iceConnectionState
    if (ice === 'disconnected' || ice === 'failed') void this.renew(session)
    else session.renegotiate({})
  }

  /**
   * Goes on with the call on media of its own, as after a reload. An ICE restart would
   * do, but Asterisk 22 hangs up when a check of the old connection comes after it (tried).
   */
  private async renew(session: RTCSession): Promise<void> {
    if (this.session !== session) return
    const muted = this.muted.value
    this.session = undefined
    this.call.value = 'idle'
    session.connection.getSenders().forEach(({ track }) => track?.stop())
    session.connection.close()
    await this.resume()
    if (muted) this.mute(true)
  }

  private answer(session: RTCSession): void {
    const before = this.session // the switch rings once the leg is gone: its end was missed
    this.adopt(session, 'answering')
    if (before && !before.isEnded()) before.terminate()
    this.media.microphone().then(
      (mediaStream) => {
        if (session.isEnded()) return stopTracks(mediaStream) // it rang in vain until somebody allowed the microphone
        stopWith(session, mediaStream)
        session.answer({ mediaStream, pcConfig: this.config })
      },
      () => session.terminate({ status_code: 480 }),
    )
  }

  /** Goes on with the call that another page held, if there is one. */
  private async resume(): Promise<void> {
    const dialog = this.memory.recall(this.account.uri)
    if (!dialog || this.call.value !== 'idle' || this.state.value !== 'registered') return
    this.call.value = 'resuming'
    let microphone: MediaStream
    try {
      microphone = await this.media.microphone()
    } catch {
      this.call.value = 'idle' // the switch still holds the leg: tried again with another microphone
      return
    }
    if (this.call.value !== 'resuming') return stopTracks(microphone) // another call came, or the telephone was stopped
    const session = resumeDialog(this.ua, dialog, microphone, this.config)
    this.adopt(session, 'resuming')
    session.renegotiate({}, () => this.connected(session))
  }

  private adopt(session: RTCSession, state: CallState): void {
    this.session = session
    this.call.value = state
    this.muted.value = false
    if (session.connection) this.attach(session, session.connection)
    else session.on('peerconnection', ({ peerconnection }) => this.attach(session, peerconnection))
    session.on('icecandidate', ({ ready }) => void setTimeout(ready, gathering))
    session.on('confirmed', () => this.connected(session))
    session.on('ended', () => this.over(session))
    session.on('failed', () => this.over(session))
  }

  private attach(session: RTCSession, connection: RTCPeerConnection): void {
    connection.addEventListener('track', ({ streams }) => this.media.play(streams[0] ?? null))
    connection.addEventListener('iceconnectionstatechange', () => {
      if (connection.iceConnectionState === 'failed' && this.state.value === 'registered') void this.renew(session)
    })
  }

  private connected(session: RTCSession): void {
    if (this.session !== session) return
    this.call.value = 'connected'
    const dialog = rememberable(session, this.account.uri)
    if (dialog) this.memory.keep(dialog)
    clearInterval(this.touching)
    this.touching = setInterval(() => this.memory.touch(), touchEvery)
  }

  private over(session: RTCSession): void {
    if (this.session !== session) return
    this.forget()
  }

  private forget(): void {
    clearInterval(this.touching)
    this.memory.forget()
    this.session = undefined
    this.call.value = 'idle'
    this.muted.value = false
    this.media.play(null)
  }

  private get config(): RTCConfiguration {
    return { iceServers: this.account.ice_servers ?? [] }
  }
}

/** Turns a microphone off with the session that it speaks in. */
function stopWith(session: RTCSession, stream: MediaStream): void {
  session.once('ended', () => stopTracks(stream))
  session.once('failed', () => stopTracks(stream))
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}
