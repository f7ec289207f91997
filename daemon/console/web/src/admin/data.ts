import { api } from '../app/services'
import type { Account, System } from '../api/types'
import { useResource } from '../ui/use-resource'

/** Queue, spool and evidence move with every call: read again at most so often, in milliseconds. */
const gather = 5_000

export function useUsers() {
  return useResource(async (signal) => (await api.get<{ users: Account[] }>('/v1/users', signal)).users, [])
}

export function useSystem() {
  return useResource((signal) => api.get<System>('/v1/system', signal), [], { on: () => true, gather })
}
