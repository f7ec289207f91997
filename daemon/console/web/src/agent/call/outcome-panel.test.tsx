// @vitest-environment happy-dom
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import type { State } from '../../api/types'
import { api } from '../../app/services'
import type { CallView } from './call-view'
import { OutcomePanel } from './outcome-panel'

const view = { phase: 'wrap_up' } as CallView
const stateOf = (attempt: number) => ({ follow_up: { id: '01JKK0V8X2Q0000000000000F1' }, status: 'wrap_up', attempt, call: {} }) as State
const show = (attempt: number) => act(() => render(<OutcomePanel state={stateOf(attempt)} view={view} onSent={vi.fn()} onReload={vi.fn()} />, document.body))
const chosen = () => document.querySelector<HTMLInputElement>('input[name=outcome]:checked')

afterEach(() => {
  act(() => render(null, document.body))
  sessionStorage.clear()
  vi.restoreAllMocks()
})

it('sends whose outcome it is', async () => {
  const post = vi.spyOn(api, 'post').mockResolvedValue(stateOf(1))
  show(1)
  act(() => document.querySelectorAll<HTMLInputElement>('input[name=outcome]')[0]!.click())
  await act(async () => document.querySelector<HTMLButtonElement>('.send button')!.click())
  expect(post).toHaveBeenCalledWith('/v1/follow-ups/01JKK0V8X2Q0000000000000F1/outcome', { code: 'delivered', attempt: 1 })
})

it('takes nothing over that was chosen for the attempt before', () => {
  show(1)
  act(() => document.querySelectorAll<HTMLInputElement>('input[name=outcome]')[5]!.click())
  expect(chosen()).not.toBeNull()
  show(2)
  expect(chosen()).toBeNull()
})
