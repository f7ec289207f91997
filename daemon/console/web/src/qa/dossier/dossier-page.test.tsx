// @vitest-environment happy-dom
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { api, live } from '../../app/services'
import { DossierPage } from './dossier-page'

const id = '01JKK0V8X2Q0000000000000F1'
let recordings: unknown[]
let waveforms: Map<string, (waveform: unknown) => void>

const passed = async () => void (await vi.advanceTimersByTimeAsync(1_000))

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('ResizeObserver', class { observe() {} disconnect() {} })
  waveforms = new Map()
  vi.spyOn(api, 'get').mockImplementation(async (path: string) => {
    if (path.includes('/waveform')) return new Promise((resolve) => waveforms.set(/recordings\/(\d)/.exec(path)![1]!, resolve))
    if (path.endsWith('/custody')) return { custody: [] }
    if (path.endsWith('/history')) {
      const of = (attempt: number, minute: number) => [
        { seq: attempt * 10, kind: 'recording_started', at: `2026-11-26T09:0${minute}:00Z`, actor: 'system', details: { attempt } },
        { seq: attempt * 10 + 1, kind: 'identity_confirmed', at: `2026-11-26T09:0${minute}:07Z`, actor: 'agent:a', details: { attempt } },
      ]
      return { activities: [...of(1, 1), ...of(2, 5)] }
    }
    return {
      follow_up: { id, ticket: 'ESK-1', route: 'answer', taxpayer: { name: 'Siti', phone: '+6281' }, deadline: '2026-11-26T10:00:00Z', received_at: '2026-11-26T08:00:00Z' },
      status: 'closed', attempt: 2, call: {}, dossier: 'sealed', recordings,
    }
  })
})

afterEach(() => {
  act(() => render(null, document.body))
  vi.unstubAllGlobals()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const recording = (attempt: number) => ({ attempt, sha256: 'x', duration_ms: 20_000 })

it('offers a recording that comes into the archive while the page is open', async () => {
  recordings = []
  act(() => render(<DossierPage id={id} next={undefined} />, document.body))
  await act(passed)
  expect(document.querySelector('.recording-closed')).toBeNull()
  recordings = [recording(1)]
  live.readAgain()
  await act(passed)
  expect(document.querySelector('.recording-closed')).not.toBeNull()
})

it('stays with the recording that is heard when another one comes', async () => {
  recordings = [recording(1)]
  act(() => render(<DossierPage id={id} next={undefined} />, document.body))
  await act(passed)
  act(() => document.querySelector<HTMLButtonElement>('.recording-closed button')!.click())
  await act(passed)
  recordings = [recording(1), recording(2)]
  live.readAgain()
  await act(passed)
  expect([...waveforms.keys()]).toEqual(['1'])
})

it('does not play a place of one recording in another that was chosen since', async () => {
  const play = vi.spyOn(HTMLMediaElement.prototype, 'play').mockResolvedValue()
  recordings = [recording(1), recording(2)]
  act(() => render(<DossierPage id={id} next={undefined} />, document.body))
  await act(passed)
  act(() => document.querySelector<HTMLButtonElement>('.jump')!.click()) // of the first, which is opened for it
  await act(passed)
  act(() => document.querySelectorAll<HTMLButtonElement>('.attempt-choice')[1]!.click())
  await act(passed)
  await act(async () => waveforms.get('2')!({ seconds: 20, agent: [0.5], taxpayer: [0.5] }))
  await act(passed)
  expect(document.querySelector('.player')).not.toBeNull()
  expect(play).not.toHaveBeenCalled()
})
