// A telephone in the browser with nothing around it: it registers, answers
// whatever rings, and says in window.phone what becomes of it.
import JsSIP from 'jssip'

const phone = { registered: false, calls: 0, talking: false, ended: '' }
window.phone = phone

window.plugIn = ({ url, uri, password }) => {
  const ua = new JsSIP.UA({ sockets: [new JsSIP.WebSocketInterface(url)], uri, password, session_timers: false })
  ua.on('registered', () => { phone.registered = true })
  ua.on('registrationFailed', (e) => { phone.ended = `registration: ${e.cause}` })
  ua.on('newRTCSession', ({ session, originator }) => {
    if (originator !== 'remote') return
    phone.calls++
    phone.session = session
    session.on('peerconnection', ({ peerconnection }) => hear(peerconnection))
    session.on('confirmed', () => { phone.talking = true })
    session.on('ended', (e) => { phone.talking = false; phone.ended = e.cause })
    session.on('failed', (e) => { phone.ended = e.cause })
    session.answer({
      // What the microphone hears is sent as it is: the test compares it.
      mediaConstraints: { audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false }, video: false },
      pcConfig: { iceServers: [] },
    })
  })
  ua.start()
  phone.ua = ua
}

const hear = (connection) => {
  connection.addEventListener('track', ({ streams: [stream] }) => {
    const audio = document.querySelector('audio')
    audio.srcObject = stream
    audio.play()
    const context = new AudioContext()
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 })
    context.createMediaStreamSource(stream).connect(analyser)
    // The loudest frequency in Hz of what comes in now, and how loud it is in dB.
    phone.heard = () => {
      const bins = new Float32Array(analyser.frequencyBinCount)
      analyser.getFloatFrequencyData(bins)
      const loudest = bins.indexOf(Math.max(...bins))
      return { hz: (loudest * context.sampleRate) / analyser.fftSize, db: bins[loudest] }
    }
  })
}
