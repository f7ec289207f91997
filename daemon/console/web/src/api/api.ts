import { asFailure, Failure, failureOf } from './failure'

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>

export interface AskOptions {
  body?: unknown
  /** Sent as it is, in place of a body in JSON. */
  content?: { type: string; data: string | Blob }
  /** How long the answer may take, in milliseconds. */
  patience?: number
  signal?: AbortSignal
  /** Makes a repeated request one request: see POST /v1/follow-ups. */
  idempotencyKey?: string
}

/** How long an answer may take, in milliseconds. The daemon gives up after 15 s. */
const patience = 20_000

/** Asks the daemon. Every refusal is thrown as a Failure. */
export class Api {
  /** The session's token against forged requests; empty before sign-in. */
  csrf = ''
  /** Told when the daemon no longer knows the session. */
  onUnauthorized: () => void = () => {}

  constructor(private readonly fetch: Fetch) {}

  get<T>(path: string, signal?: AbortSignal): Promise<T> {
    return this.ask<T>('GET', path, signal ? { signal } : {})
  }

  post<T>(path: string, body?: unknown, options: AskOptions = {}): Promise<T> {
    return this.ask<T>('POST', path, { ...options, body: body ?? {} })
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.ask<T>('PUT', path, { body })
  }

  delete(path: string): Promise<void> {
    return this.ask<void>('DELETE', path, {})
  }

  async ask<T>(method: string, path: string, options: AskOptions): Promise<T> {
    const response = await this.send(method, path, options)
    if (response.status === 204 || response.status === 202) return undefined as T
    return (await response.json()) as T
  }

  /** The answer itself, for what is not JSON. A refusal is thrown. */
  async send(method: string, path: string, options: AskOptions): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json' }
    if (method !== 'GET') headers['X-CSRF-Token'] = this.csrf
    if (options.body !== undefined) headers['Content-Type'] = 'application/json'
    if (options.content) headers['Content-Type'] = options.content.type
    if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey
    const limit = AbortSignal.timeout(options.patience ?? patience)
    const init: RequestInit = {
      method,
      headers,
      credentials: 'same-origin',
      signal: options.signal ? AbortSignal.any([options.signal, limit]) : limit,
    }
    if (options.body !== undefined) init.body = JSON.stringify(options.body)
    if (options.content) init.body = options.content.data
    let response: Response
    try {
      response = await this.fetch(path, init)
    } catch (thrown) {
      if (options.signal?.aborted) throw thrown
      throw asFailure(thrown)
    }
    if (response.ok) return response
    const failure = await failureOf(response)
    if (failure.status === 401 && path !== '/v1/session') this.onUnauthorized()
    throw failure
  }
}

export { Failure }
