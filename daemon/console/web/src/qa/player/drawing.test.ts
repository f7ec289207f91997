import { describe, expect, it } from 'vitest'
import { past, silences } from './silence'
import { axisStep, wavePath } from './wave-path'

/** Tracks in tenths of a second; a digit is tenths of full scale. */
const track = (text: string) => [...text].map((digit) => Number(digit) / 10)

describe('silences', () => {
  const of = (agent: string, taxpayer: string) => silences({ seconds: agent.length / 10, agent: track(agent), taxpayer: track(taxpayer) })

  it('are where neither speaks for long', () => {
    const [found, ...others] = of('55' + '0'.repeat(30) + '55', '00' + '0'.repeat(30) + '00')
    expect(others).toEqual([])
    expect(found!.from).toBeCloseTo(0.2)
    expect(found!.to).toBeCloseTo(3.2 - 0.3) // it goes on shortly before the voice
  })

  it('are not where one of them speaks, nor in a short pause', () => {
    expect(of('55' + '0'.repeat(30) + '55', '0'.repeat(17) + '3' + '0'.repeat(16))).toEqual([])
    expect(of('5' + '0'.repeat(14) + '5', '0'.repeat(16))).toEqual([])
  })

  it('reach to the end, also of a single track', () => {
    expect(of('5' + '0'.repeat(29), '')).toEqual([{ from: 0.1, to: 3 }])
    expect(silences({ seconds: 0, agent: [], taxpayer: [] })).toEqual([])
  })

  it('are passed from within, and left alone elsewhere', () => {
    const found = [{ from: 2, to: 8 }]
    expect(past(1.9, found)).toBe(1.9)
    expect(past(2.1, found)).toBe(2.1) // the end of what was said
    expect(past(2.5, found)).toBe(8)
    expect(past(8, found)).toBe(8)
  })
})

describe('wavePath', () => {
  it('keeps the loudest of what falls into one column', () => {
    const peaks = new Array<number>(1000).fill(0)
    peaks[501] = 0.8
    const heights = [...wavePath(peaks, 100, 50, 40).matchAll(/([\d.]+) ([\d.]+)/g)].map(([, x, y]) => [Number(x), 50 - Number(y)] as const)
    const high = heights.filter(([, height]) => Math.abs(height) > 1)
    expect(high).toEqual([[50, 32], [50, -32]])
  })

  it('draws few peaks over the whole width', () => {
    expect(wavePath([1, 1], 100, 50, 40)).toBe('M0.0 10.0L50.0 10.0L50.0 90.0L0.0 90.0Z')
  })
})

it('writes times on the axis so that they have room', () => {
  expect(axisStep(15, 800)).toBe(2)
  expect(axisStep(3600, 800)).toBe(600)
  expect(axisStep(90_000, 300)).toBe(3600)
})
