import Dialog from 'jssip/lib/Dialog.js'
import { parseMessage } from 'jssip/lib/Parser.js'
import RTCSessionClass from 'jssip/lib/RTCSession.js'
import type { RTCSession } from 'jssip/lib/RTCSession'
import type { UA } from 'jssip/lib/UA'
import type { RememberedDialog } from './remembered-dialog'
import { withSetup } from './sdp'

/** Of RTCSession.C; the class does not export it as a type. */
const confirmed = 9

/** JsSIP begins below this, where it has not sent a request yet. */
const firstSequence = 10_000

/** A session's insides, as JsSIP 3.13.8 has them. */
interface Inside {
  _status: number
  _direction: string
  _is_confirmed: boolean
  _id: string
  _from_tag: string
  _contact: string
  _local_identity: unknown
  _remote_identity: unknown
  _dialog: unknown
  _localMediaStream: MediaStream | null
  _localMediaStreamLocallyGenerated: boolean
  _createRTCConnection(config: RTCConfiguration, constraints: null): void
  sendRequest(method: string, options?: RequestOptions): void
}

interface RequestOptions {
  body?: string
  eventHandlers?: { onSuccessResponse?: () => void } & Record<string, unknown>
  [option: string]: unknown
}

interface InsideUA {
  _sessions: Record<string, unknown>
}

/**
 * Goes on with a dialog that another page began: makes a session in the state in which
 * that page left its own, and offers new media in a re-INVITE. JsSIP has no way to do
 * so, hence the grip into its insides, which the lock file pins. The session reports
 * what becomes of it by its events, as any does.
 */
export function resumeDialog(ua: UA, dialog: RememberedDialog, microphone: MediaStream, config: RTCConfiguration): RTCSession {
  const Session = RTCSessionClass as unknown as new (ua: UA) => RTCSession & Inside
  const invite = parseMessage(inviteOf(dialog), ua)
  if (!invite) throw new Error('the remembered dialog cannot be read')
  invite.to_tag = dialog.localTag

  const session = new Session(ua)
  session._status = confirmed
  session._is_confirmed = true
  session._direction = 'incoming'
  session._from_tag = dialog.remoteTag
  session._id = dialog.callID + dialog.remoteTag
  session._contact = ua.contact.toString()
  session._local_identity = invite.to
  session._remote_identity = invite.from
  const resumed = new Dialog(session, invite, 'UAS')
  if (resumed.error) throw new Error(resumed.error)
  resumed.local_seqnum = dialog.localSequence
  session._dialog = resumed
  session._createRTCConnection(config, null)
  session._localMediaStream = microphone
  session._localMediaStreamLocallyGenerated = true // ended with the session
  for (const track of microphone.getTracks()) session.connection.addTrack(track, microphone)
  ;(ua as unknown as InsideUA)._sessions[session.id] = session
  offerTwice(session)
  return session
}

/**
 * Lets the first offer of new media go out twice, with the opener of the DTLS association
 * changed and changed back. Asterisk 22 makes a new association within a call only when
 * the opener changes, but then fails to open it itself (tried); changed back, the page
 * opens it, and the voice is there. The first answer is acknowledged and passed over.
 */
function offerTwice(session: RTCSession & Inside): void {
  const send = session.sendRequest.bind(session)
  session.sendRequest = (method, options) => {
    if (method !== 'INVITE' || !options?.body) return send(method, options)
    session.sendRequest = send
    const { body, eventHandlers } = options
    const onSuccessResponse = () => {
      send('ACK')
      send('INVITE', { ...options, body: withSetup(body, 'active') })
    }
    send('INVITE', { ...options, body: withSetup(body, 'passive'), eventHandlers: { ...eventHandlers, onSuccessResponse: once(onSuccessResponse, () => send('ACK')) } })
  }
}

/** The first call does one thing, those after it (a response that is sent again) another. */
function once(first: () => void, again: () => void): () => void {
  let act = first
  return () => {
    const now = act
    act = again
    now()
  }
}

/** The INVITE that began the dialog, as far as it matters to the rest of it. */
function inviteOf(d: RememberedDialog): string {
  return [
    `INVITE ${d.localURI} SIP/2.0`,
    'Via: SIP/2.0/WSS resumed.invalid;branch=z9hG4bKresumed',
    'Max-Forwards: 70',
    `From: <${d.remoteURI}>;tag=${d.remoteTag}`,
    `To: <${d.localURI}>;tag=${d.localTag}`,
    `Call-ID: ${d.callID}`,
    `CSeq: ${d.remoteSequence} INVITE`,
    `Contact: <${d.remoteTarget}>`,
    ...d.routes.map((route) => `Record-Route: ${route}`),
    'Content-Length: 0',
    '', '',
  ].join('\r\n')
}

/** Reads from a session what another page would need to go on with it. */
export function rememberable(session: RTCSession, account: string): Omit<RememberedDialog, 'heldAt'> | undefined {
  const dialog = (session as unknown as { _dialog: DialogInside | null })._dialog
  if (!dialog) return undefined
  return {
    account,
    callID: dialog._id.call_id,
    localTag: dialog._id.local_tag,
    remoteTag: dialog._id.remote_tag,
    localURI: String(dialog._local_uri),
    remoteURI: String(dialog._remote_uri),
    remoteTarget: String(dialog._remote_target),
    routes: dialog._route_set,
    remoteSequence: dialog._remote_seqnum,
    localSequence: Math.max(dialog._local_seqnum ?? 0, firstSequence),
  }
}

interface DialogInside {
  _id: { call_id: string; local_tag: string; remote_tag: string }
  _local_uri: unknown
  _remote_uri: unknown
  _remote_target: unknown
  _route_set: string[]
  _remote_seqnum: number
  _local_seqnum?: number
}
