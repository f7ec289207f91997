import { expect, it } from 'vitest'
import type { Api } from '../api/api'
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
