// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Api } from '../../api/api'
import { Failure } from '../../api/failure'
import type { TelephoneAccount } from '../../api/types'
import { Telephone } from './telephone'

const opened = vi.hoisted(() => [] as string[])
vi.mock('./line', () => ({
  Line: class {
    state = { value: 'registered' }
    call = { value: 'idle' }
    constructor(account: TelephoneAccount) {
      opened.push(account.user)
    }
    start() {}
    stop() {}
  },
}))

const accountOf = (user: string) => ({ url: 'wss://pbx.example/ws', uri: `sip:${user}@pbx.example`, user, password: 'p', ice_servers: [] })

/** The account is asked for, and answered by the test. */
function telephone() {
  const asked: { answer: (account: TelephoneAccount) => void; fail: (failure: Failure) => void }[] = []
  const api = { get: () => new Promise((answer, fail) => asked.push({ answer, fail })) }
  return { asked, phone: new Telephone(api as unknown as Api) }
}

beforeEach(() => {
  opened.length = 0
  vi.stubGlobal('navigator', { mediaDevices: new EventTarget() })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('takes no account that was asked for by who signed out since', async () => {
  const { asked, phone } = telephone()
  phone.start()
  phone.stop()
  phone.start()
  asked[0]!.answer(accountOf('agent-1'))
  await Promise.resolve()
  asked[1]!.answer(accountOf('agent-2'))
  await vi.waitFor(() => expect(opened).toHaveLength(1), 10_000)
  expect(opened).toEqual(['agent-2'])
})

it('asks no more once it was stopped', async () => {
  vi.useFakeTimers()
  const { asked, phone } = telephone()
  phone.start()
  phone.stop()
  asked[0]!.fail(new Failure(401, 'unauthorized', 'no session'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(1)
})
