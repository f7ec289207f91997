import { describe, expect, it } from 'vitest'
import { levelOf } from './level'
import { withSetup } from './sdp'
import { TabLock } from './tab'

describe('withSetup', () => {
  it('decides the opener in every section of an offer, and changes nothing else', () => {
    const offer = 'v=0\r\nm=audio 9 X\r\na=setup:actpass\r\na=mid:0\r\n'
    expect(withSetup(offer, 'active')).toBe('v=0\r\nm=audio 9 X\r\na=setup:active\r\na=mid:0\r\n')
    expect(withSetup(withSetup(offer, 'passive'), 'active')).toBe(withSetup(offer, 'active'))
  })
})

describe('levelOf', () => {
  it('goes evenly by decibels from silence to full scale', () => {
    expect(levelOf(new Float32Array(64))).toBe(0)
    expect(levelOf(new Float32Array(64).fill(1))).toBe(1)
    expect(levelOf(new Float32Array(64).fill(10 ** (-30 / 20)))).toBeCloseTo(0.5)
    expect(levelOf(new Float32Array(64).fill(1e-6))).toBe(0)
  })
})

describe('TabLock', () => {
  it('is held by one tab, and taken over by the next when it is dropped', async () => {
    const locks = oneLock()
    const [first, second] = [new TabLock(locks), new TabLock(locks)]
    void first.take()
    await Promise.resolve()
    void second.take()
    await settled()
    expect([first.held.value, second.held.value]).toEqual([true, false])
    first.drop()
    await settled()
    expect(second.held.value).toBe(true)
  })

  it('does not take over after it was dropped itself', async () => {
    const locks = oneLock()
    const [first, second] = [new TabLock(locks), new TabLock(locks)]
    void first.take()
    void second.take()
    await settled()
    second.drop()
    first.drop()
    await settled()
    expect(second.held.value).toBeUndefined()
  })
})

const settled = () => new Promise((resolve) => setTimeout(resolve))

/** The part of the Web Locks API that is used, for one name. */
function oneLock(): LockManager {
  let last: Promise<unknown> = Promise.resolve()
  let holders = 0
  async function held(callback: (lock: Lock | null) => unknown) {
    holders++
    try {
      return await callback({ name: '', mode: 'exclusive' })
    } finally {
      holders--
    }
  }
  return {
    request(_: string, options: LockOptions, callback: (lock: Lock | null) => unknown) {
      if (options.ifAvailable && holders > 0) return Promise.resolve(callback(null))
      const turn = last.then(() => {
        if (options.signal?.aborted) throw options.signal.reason
        return held(callback)
      })
      last = turn.catch(() => {})
      return turn
    },
  } as unknown as LockManager
}
