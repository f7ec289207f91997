// @vitest-environment happy-dom
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { api } from '../app/services'
import { Import } from './import'

afterEach(() => {
  act(() => render(null, document.body))
  vi.restoreAllMocks()
})

const choose = (name: string) =>
  act(async () => {
    const input = document.querySelector<HTMLInputElement>('input[type=file]')!
    Object.defineProperty(input, 'files', { configurable: true, value: [{ name, text: () => Promise.resolve(name) }] })
    input.dispatchEvent(new Event('change', { bubbles: true }))
    await Promise.resolve()
  })

it('shows no judgement of a file that was chosen before', async () => {
  const answers: ((report: unknown) => void)[] = []
  vi.spyOn(api, 'ask').mockImplementation(() => new Promise((resolve) => answers.push(resolve as never)))
  act(() => render(<Import />, document.body))
  await choose('first.csv')
  await choose('second.csv')
  expect(answers).toHaveLength(2)
  await act(async () => answers[1]!({ rows: 2, bad: 0, faults: [], preview: [] }))
  await act(async () => answers[0]!({ rows: 700, bad: 0, faults: [], preview: [] }))
  expect(document.body.textContent).toContain('Semua 2 baris benar')
  expect(document.body.textContent).not.toContain('700')
})
