import { signal } from '@preact/signals'

const keys = { input: 'sambung.microphone', output: 'sambung.speaker' }

export interface Device {
  id: string
  label: string
}

export type MicrophoneFault = 'denied' | 'missing' | 'busy'

/** Which microphone and loudspeaker are used, remembered on this machine, and what plays. */
export class Headset {
  readonly inputs = signal<Device[]>([])
  readonly outputs = signal<Device[]>([])
  readonly input = signal(localStorage.getItem(keys.input) ?? '')
  readonly output = signal(localStorage.getItem(keys.output) ?? '')
  readonly fault = signal<MicrophoneFault | undefined>(undefined)
  /** The browser lets nothing be heard until somebody clicks or presses a key. */
  readonly silenced = signal(false)
  /** Told when another microphone was chosen, one was pulled out, or one may be there again. */
  onInputChanged: () => void = () => {}

  private readonly audio = new Audio()

  constructor() {
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.devicesChanged())
    void this.useOutput()
  }

  /** Whether the browser gives a microphone to this page at all: it wants TLS or the own machine. */
  get possible(): boolean {
    return navigator.mediaDevices !== undefined
  }

  async microphone(): Promise<MediaStream> {
    const wanted = this.input.value
    const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: wanted ? { ...audio, deviceId: { ideal: wanted } } : audio })
      this.fault.value = undefined
      void this.list()
      return stream
    } catch (thrown) {
      this.fault.value = faultOf(thrown)
      throw thrown
    }
  }

  chooseInput(id: string): void {
    this.input.value = id
    localStorage.setItem(keys.input, id)
    this.onInputChanged()
  }

  chooseOutput(id: string): void {
    this.output.value = id
    localStorage.setItem(keys.output, id)
    void this.useOutput()
  }

  play(stream: MediaStream | null): void {
    this.audio.srcObject = stream
    this.silenced.value = false
    if (stream) this.audio.play().catch(() => this.silence())
  }

  /** After a click or key. */
  unsilence(): void {
    if (this.silenced.value) this.play(this.audio.srcObject as MediaStream | null)
  }

  /** The browser wants a click or a key first (autoplay policy): any will do. */
  private silence(): void {
    this.silenced.value = this.audio.srcObject !== null
    for (const kind of ['pointerdown', 'keydown']) window.addEventListener(kind, () => this.unsilence(), { once: true })
  }

  /** Plays a short tone where the taxpayer will be heard; resolves when it has ended. */
  async tone(): Promise<void> {
    const context = new AudioContext()
    try {
      const sink = this.output.value
      if (sink && 'setSinkId' in context) await (context as AudioContext & Sink).setSinkId(sink).catch(() => {})
      const gain = context.createGain()
      gain.gain.setValueAtTime(0.0001, context.currentTime)
      gain.gain.exponentialRampToValueAtTime(0.2, context.currentTime + 0.05)
      gain.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + 0.9)
      const tone = context.createOscillator()
      tone.frequency.value = 523
      tone.connect(gain).connect(context.destination)
      tone.start()
      tone.stop(context.currentTime + 1)
      await new Promise((resolve) => (tone.onended = resolve))
    } finally {
      void context.close()
    }
  }

  private async devicesChanged(): Promise<void> {
    const before = this.inputs.value
    await this.list()
    const pulled = before.some(({ id }) => !this.inputs.value.some((now) => now.id === id))
    if (pulled || this.fault.value) this.onInputChanged() // without one: what was put in may be it
  }

  private async list(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices()
    const of = (kind: MediaDeviceKind) =>
      devices.filter((device) => device.kind === kind && device.deviceId !== '').map(({ deviceId, label }) => ({ id: deviceId, label }))
    this.inputs.value = of('audioinput')
    this.outputs.value = of('audiooutput')
  }

  private async useOutput(): Promise<void> {
    const element = this.audio as HTMLAudioElement & Partial<Sink>
    if (this.output.value) await element.setSinkId?.(this.output.value).catch(() => {}) // unplugged: the default one
  }
}

interface Sink {
  setSinkId(id: string): Promise<void>
}

function faultOf(thrown: unknown): MicrophoneFault {
  const name = thrown instanceof DOMException ? thrown.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied'
  return name === 'NotReadableError' ? 'busy' : 'missing'
}
