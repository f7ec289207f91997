import { describe, expect, it } from 'vitest'
import { Samples } from './pcm'

describe('Samples', () => {
  it('reads the high byte first, with its sign', () => {
    expect([...new Samples().take(Uint8Array.of(0x40, 0, 0x80, 0, 0xff, 0xff))]).toEqual([0.5, -1, -1 / 32768])
  })

  it('puts together what the network cut', () => {
    const samples = new Samples()
    const heard = [Uint8Array.of(0x40), Uint8Array.of(), Uint8Array.of(0, 0x20), Uint8Array.of(0, 0xc0, 0)]
    expect(heard.flatMap((bytes) => [...samples.take(bytes)])).toEqual([0.5, 0.25, -0.5])
  })
})
