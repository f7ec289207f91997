// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { Headset } from './headset'

/** The machine's microphones. */
class Devices extends EventTarget {
  inputs: string[] = ['built-in']

  async enumerateDevices() {
    return this.inputs.map((deviceId) => ({ kind: 'audioinput', deviceId, label: deviceId }))
  }

  async getUserMedia() {
    if (this.inputs.length === 0) throw new DOMException('none', 'NotFoundError')
    return {}
  }

  async become(...inputs: string[]) {
    this.inputs = inputs
    this.dispatchEvent(new Event('devicechange'))
    await settled()
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

it('takes the microphone again that was pulled out of a call, and leaves it alone when another one comes', async () => {
  const devices = new Devices()
  vi.stubGlobal('navigator', { mediaDevices: devices })
  const headset = new Headset()
  let changed = 0
  headset.onInputChanged = () => {
    changed++
    headset.microphone().catch(() => {})
  }
  await headset.microphone()
  await settled()
  await devices.become('built-in', 'headset')
  expect(changed).toBe(0)
  await devices.become()
  expect([changed, headset.fault.value]).toEqual([1, 'missing'])
  await devices.become('headset')
  expect([changed, headset.fault.value]).toEqual([2, undefined])
  vi.unstubAllGlobals()
})
