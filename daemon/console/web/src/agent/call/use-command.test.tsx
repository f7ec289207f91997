// @vitest-environment happy-dom
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { api } from '../../app/services'
import { useCommand } from './use-command'

let ask: ReturnType<typeof useCommand>[1]

function Part({ told }: { told: string | undefined }) {
  const [pending, command] = useCommand('01JKK0V8X2Q0000000000000F1', told)
  ask = command
  return <p>{pending ?? 'none'}</p>
}

afterEach(() => {
  act(() => render(null, document.body))
  vi.restoreAllMocks()
})

it('asks for the next thing as soon as what was asked is shown, and for nothing twice before', async () => {
  const post = vi.spyOn(api, 'post').mockResolvedValue(undefined)
  act(() => render(<Part told={undefined} />, document.body))
  await act(async () => ask('mute'))
  await act(async () => ask('mute'))
  expect(post).toHaveBeenCalledTimes(1)
  render(<Part told="2026-11-26T09:00:00Z" />, document.body)
  await Promise.resolve()
  ask('unmute')
  expect(post).toHaveBeenCalledTimes(2)
})
