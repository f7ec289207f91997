// @vitest-environment happy-dom
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useSending } from './use-sending'

describe('useSending', () => {
  const send = vi.fn(() => Promise.resolve())
  let left: number | undefined
  function Panel({ active, choice }: { active: boolean; choice: string }) {
    left = useSending(active, choice, send)
    return null
  }
  const show = (active: boolean, choice = 'delivered') => act(() => render(<Panel active={active} choice={choice} />, document.body))
  const wait = (seconds: number) => act(() => void vi.advanceTimersByTime(seconds * 1_000))

  beforeEach(() => {
    vi.useFakeTimers()
    send.mockClear()
  })
  afterEach(() => {
    act(() => render(null, document.body))
    vi.useRealTimers()
  })

  it('counts down, and sends once', () => {
    show(true)
    wait(4)
    expect([left, send.mock.calls.length]).toEqual([1, 0])
    wait(20)
    expect(send).toHaveBeenCalledOnce()
  })

  it('begins anew with another choice', () => {
    show(true)
    wait(4)
    show(true, 'refused')
    wait(4)
    expect([left, send.mock.calls.length]).toEqual([1, 0])
    wait(1)
    expect(send).toHaveBeenCalledOnce()
  })

  it('is stopped by an undone choice or the end of the page', () => {
    show(true)
    wait(4)
    show(false)
    expect(left).toBeUndefined()
    wait(20)
    show(true)
    act(() => render(null, document.body))
    wait(20)
    expect(send).not.toHaveBeenCalled()
  })
})
