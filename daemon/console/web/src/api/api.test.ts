import { describe, expect, it, vi } from 'vitest'
import { Api } from './api'
import type { Failure } from './failure'

function answering(status: number, body?: unknown) {
  return vi.fn((_: string, __?: RequestInit) =>
    Promise.resolve(new Response(body === undefined ? null : JSON.stringify(body), { status })))
}

describe('Api', () => {
  it('proves itself on every request that changes something, and on no other', async () => {
    const fetch = answering(200, {})
    const api = new Api(fetch)
    api.csrf = 'secret'
    await api.get('/v1/agents')
    await api.post('/v1/follow-ups/X/cancel', { reason: 'r' })
    const headers = fetch.mock.calls.map(([, init]) => new Headers(init?.headers))
    expect(headers.map((sent) => sent.get('X-CSRF-Token'))).toEqual([null, 'secret'])
    expect(fetch.mock.calls[1]![1]!.body).toBe('{"reason":"r"}')
  })

  it('throws a refusal with its fields', async () => {
    const fields = [{ field: 'phone', problem: 'missing', remedy: 'give it' }]
    const api = new Api(answering(400, { error: { code: 'invalid', message: 'refused', fields, request: 'r1' } }))
    const failure = await api.post('/v1/follow-ups', {}).catch((thrown: Failure) => thrown) as Failure
    expect(failure.code).toBe('invalid')
    expect(failure.of('phone')?.remedy).toBe('give it')
    expect(failure.of('name')).toBeUndefined()
    expect(failure.passing).toBe(false)
  })

  it('tells when the session has ended, but not of a failed sign-in', async () => {
    const api = new Api(answering(401, { error: { code: 'unauthorized', message: 'no' } }))
    api.onUnauthorized = vi.fn()
    await expect(api.post('/v1/session', {})).rejects.toMatchObject({ status: 401 })
    expect(api.onUnauthorized).not.toHaveBeenCalled()
    await expect(api.get('/v1/agents')).rejects.toMatchObject({ status: 401 })
    expect(api.onUnauthorized).toHaveBeenCalledOnce()
  })

  it('calls a network that fails passing, and a proxy’s page a failure', async () => {
    const broken = new Api(() => Promise.reject(new TypeError('failed to fetch')))
    await expect(broken.get('/x')).rejects.toMatchObject({ code: 'network', status: 0, passing: true })
    const proxy = new Api(() => Promise.resolve(new Response('<html>', { status: 502 })))
    await expect(proxy.get('/x')).rejects.toMatchObject({ status: 502, passing: true })
  })
})
