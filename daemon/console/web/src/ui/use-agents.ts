import { api } from '../app/services'
import type { Agent } from '../api/types'
import { useResource } from './use-resource'

/** Agents come and go in the morning all at once: read again at most so often, in milliseconds. */
const gather = 1_000

/** All agents, as they are. */
export function useAgents() {
  return useResource(async (signal) => (await api.get<{ agents: Agent[] }>('/v1/agents', signal)).agents, [], {
    on: (change) => change.agent !== undefined,
    gather,
  })
}
