// @vitest-environment happy-dom
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { api, clock } from '../app/services'
import { useBoard } from './data'

function Part() {
  useBoard()
  return null
}

const passed = async () => void (await vi.advanceTimersByTimeAsync(10_000))

afterEach(() => {
  act(() => render(null, document.body))
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('reads the wall again every minute, though nothing happens: time passes in its forecast', async () => {
  vi.useFakeTimers()
  const get = vi.spyOn(api, 'get').mockResolvedValue({})
  act(() => render(<Part />, document.body))
  await act(passed)
  const before = get.mock.calls.length
  for (let minute = 1; minute <= 3; minute++) {
    act(() => void (clock.now.value += 60_000))
    await act(passed)
    expect(get).toHaveBeenCalledTimes(before + minute)
  }
})
