import { expect, it, vi } from 'vitest'
import { Api } from '../api/api'
import { Sessions } from './sessions'

const session = { user: { name: 'agent-1', role: 'agent' }, csrf: 'c', expires_at: '2026-11-26T20:00:00Z' }

it('has signed out, and not expired, when another request finds the session gone meanwhile', async () => {
  const sessions = new Sessions({
    post: () => Promise.resolve(session),
    delete: () => Promise.resolve(sessions.ended()), // what else was under way is answered with 401 first
  } as unknown as Api)
  await sessions.signIn('agent-1', 'p')
  await sessions.signOut()
  expect([sessions.session.value, sessions.expired.value]).toEqual([null, false])
})

it('has expired when nobody signed out', async () => {
  const sessions = new Sessions({ post: () => Promise.resolve(session) } as unknown as Api)
  await sessions.signIn('agent-1', 'p')
  sessions.ended()
  expect([sessions.session.value, sessions.expired.value]).toEqual([null, true])
})

it('is over here at once when somebody signs out, and the daemon is told with the token of the session', async () => {
  let tell!: (answer: Response) => void
  const told = new Promise<Response>((resolve) => (tell = resolve))
  const fetch = vi.fn((_: string, init?: RequestInit) => (init?.method === 'DELETE' ? told : Promise.resolve(Response.json(session, { status: 201 }))))
  const sessions = new Sessions(new Api(fetch))
  await sessions.signIn('agent-1', 'p')
  void sessions.signOut()
  expect(sessions.session.value).toBeNull()
  expect(fetch.mock.lastCall![1]).toMatchObject({ method: 'DELETE', headers: { 'X-CSRF-Token': 'c' } })
  const next = sessions.signIn('agent-2', 'p') // whose cookie the answer to the sign-out would remove
  await new Promise((resolve) => setTimeout(resolve))
  expect(fetch).toHaveBeenCalledTimes(2)
  tell(new Response(null, { status: 204 }))
  await next
  expect(sessions.session.value).not.toBeNull()
})
