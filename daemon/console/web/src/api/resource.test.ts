import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Failure } from './failure'
import { Live } from './live'
import { Resource } from './resource'
import type { Change } from './types'

/** A Live that is fed by the test. */
class Fed extends Live {
  private readonly fed = new Set<(change: Change) => void>()

  constructor() {
    super(() => Promise.reject(new Error('not connected')))
  }

  override listen(listener: (change: Change) => void) {
    this.fed.add(listener)
    return () => this.fed.delete(listener)
  }

  change(change: Change) {
    for (const listener of this.fed) listener(change)
  }
}

describe('Resource', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('reads at once, after changes that matter, and after a gap', async () => {
    const live = new Fed()
    const load = vi.fn(() => Promise.resolve(load.mock.calls.length))
    const resource = new Resource(load, live, { on: (change) => change.agent === 'agent-1' })
    await vi.advanceTimersByTimeAsync(0)
    expect(resource.data.value).toBe(1)
    live.change({ agent: 'agent-2' })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(load).toHaveBeenCalledTimes(1)
    live.change({ agent: 'agent-1' })
    live.change({ agent: 'agent-1' })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(load).toHaveBeenCalledTimes(2)
    live.readAgain()
    await vi.advanceTimersByTimeAsync(0)
    expect(resource.data.value).toBe(3)
    resource.end()
    live.readAgain()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(load).toHaveBeenCalledTimes(3)
  })

  it('reads again when something changed while it was reading', async () => {
    const live = new Fed()
    const answers: ((value: string) => void)[] = []
    const resource = new Resource(() => new Promise<string>((resolve) => answers.push(resolve)), live, { on: () => true })
    await vi.advanceTimersByTimeAsync(0)
    live.change({})
    await vi.advanceTimersByTimeAsync(500)
    expect(answers).toHaveLength(1)
    answers[0]!('old')
    await vi.advanceTimersByTimeAsync(500)
    expect(answers).toHaveLength(2)
    answers[1]!('new')
    await vi.advanceTimersByTimeAsync(0)
    expect(resource.data.value).toBe('new')
    resource.end()
  })

  it('is not held to an answer that came later than what had changed since', async () => {
    const live = new Fed()
    const resource = new Resource(() => Promise.resolve('paused since'), live, { on: () => true })
    await vi.advanceTimersByTimeAsync(1_000)
    resource.set('ready')
    expect(resource.data.value).toBe('ready')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(resource.data.value).toBe('paused since')
    resource.end()
  })

  it('keeps what it has and tries again when the daemon is away, but not when it refuses', async () => {
    const live = new Fed()
    const outcomes: (Failure | string)[] = ['first', new Failure(503, 'unavailable', 'away'), 'back', new Failure(403, 'forbidden', 'no')]
    const load = vi.fn(async () => {
      const outcome = outcomes.shift()!
      if (outcome instanceof Failure) throw outcome
      return outcome
    })
    const resource = new Resource(load, live)
    await vi.advanceTimersByTimeAsync(0)
    resource.reload()
    await vi.advanceTimersByTimeAsync(0)
    expect([resource.data.value, resource.failure.value?.code]).toEqual(['first', 'unavailable'])
    await vi.advanceTimersByTimeAsync(1_000)
    expect([resource.data.value, resource.failure.value]).toEqual(['back', undefined])
    resource.reload()
    await vi.advanceTimersByTimeAsync(120_000)
    expect([resource.data.value, resource.failure.value?.code]).toEqual(['back', 'forbidden'])
    expect(load).toHaveBeenCalledTimes(4)
    resource.end()
  })

  it('is not put off for ever by a stream of changes', async () => {
    const live = new Fed()
    const load = vi.fn(() => Promise.resolve(0))
    const resource = new Resource(load, live, { on: () => true, gather: 1_000 })
    await vi.advanceTimersByTimeAsync(0)
    for (let i = 0; i < 50; i++) {
      live.change({})
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(load.mock.calls.length).toBeGreaterThanOrEqual(5)
    expect(load.mock.calls.length).toBeLessThanOrEqual(6)
    resource.end()
  })
})
