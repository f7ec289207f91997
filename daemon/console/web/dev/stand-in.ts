import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Plugin } from 'vite'

// For `npm run dev` alone; nothing of it is built. Passes /v1 on to a daemon
// (SAMBUNG_API) under a bearer token (SAMBUNG_TOKEN), and stands in for what the
// daemon would answer under a session: sign in as agent-01, supervisor, qa or admin
// with any password.

interface SignedIn {
  name: string
  role: string
  agent?: string
}

export function standIn(): Plugin {
  const api = process.env.SAMBUNG_API ?? 'http://127.0.0.1:8717'
  const token = process.env.SAMBUNG_TOKEN ?? ''
  return {
    name: 'stand-in',
    apply: 'serve',
    config: () => ({
      server: { host: '127.0.0.1', proxy: { '/v1': { target: api, headers: token ? { Authorization: `Bearer ${token}` } : {} } } },
    }),
    configureServer(server) {
      if (!token) return // the daemon knows sessions: all goes to it
      let user: SignedIn | undefined
      server.middlewares.use((request, response, next) => {
        const key = `${request.method} ${request.url}`
        if (key === 'POST /v1/session') {
          void bodyOf(request).then((body) => {
            user = signIn(body)
            answer(response, 201, sessionOf(user))
          })
        } else if (key === 'GET /v1/session') {
          answer(response, user ? 200 : 401, user ? sessionOf(user) : refusal('unauthorized'))
        } else if (key === 'DELETE /v1/session') {
          user = undefined
          answer(response, 204)
        } else if (key === 'GET /v1/telephone') {
          answer(response, 404, refusal('not_found'))
        } else if (key === 'GET /v1/calendar') {
          answer(response, 200, alwaysOpen())
        } else if (!user && request.url?.startsWith('/v1')) {
          answer(response, 401, refusal('unauthorized'))
        } else {
          next()
        }
      })
    },
  }
}

function signIn(body: { name: string }): SignedIn {
  const role = ['supervisor', 'qa', 'admin'].find((known) => body.name === known)
  return role ? { name: body.name, role } : { name: body.name, role: 'agent', agent: body.name }
}

function sessionOf(user: SignedIn) {
  return { user, csrf: 'development', expires_at: new Date(Date.now() + 8 * 3_600_000).toISOString() }
}

function alwaysOpen() {
  return {
    version: 'development', zone: 'Asia/Jakarta', always_open: true, now: new Date().toISOString(), intervals: [], holidays: [],
    provisional: false, limits: { mute_seconds: 30, wrap_up_seconds: 12 },
  }
}

const refusal = (code: string) => ({ error: { code, message: code } })

async function bodyOf(request: IncomingMessage): Promise<{ name: string }> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return JSON.parse(text) as { name: string }
}

function answer(response: ServerResponse, status: number, body?: unknown): void {
  response.statusCode = status
  response.setHeader('Content-Type', 'application/json')
  response.end(body === undefined ? '' : JSON.stringify(body))
}
