// @vitest-environment happy-dom
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { State, Status } from '../../api/types'
import { api } from '../../app/services'
import { Decisions } from './decisions'

const stateOf = (status: Status) => ({
  follow_up: { id: '01JKK0V8X2Q0000000000000F1', ticket: 'ESK-1', route: 'answer', taxpayer: { name: 'Siti', phone: '+6281' } }, status, attempt: 1, call: {},
}) as State
const show = (status: Status) => act(() => render(<Decisions state={stateOf(status)} onDone={vi.fn()} />, document.body))
const dialog = () => document.querySelector('dialog')

beforeEach(() => void vi.spyOn(api, 'get').mockResolvedValue({ agents: [] }))
afterEach(() => {
  act(() => render(null, document.body))
  vi.restoreAllMocks()
})

it('leaves a dialogue to whoever writes in it when the follow-up is taken up meanwhile', () => {
  show('queued')
  act(() => document.querySelector<HTMLButtonElement>('.button-danger')!.click())
  const reason = dialog()!.querySelector('textarea')!
  reason.value = 'Tiket ditarik'
  act(() => void reason.dispatchEvent(new Event('input', { bubbles: true })))
  show('assigned')
  expect(dialog()?.querySelector('textarea')?.value).toBe('Tiket ditarik')
  act(() => dialog()!.querySelector<HTMLButtonElement>('.button')!.click()) // closes
  expect(dialog()).toBeNull()
  show('queued')
  expect(dialog()).toBeNull()
})
