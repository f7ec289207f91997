import { api } from '../app/services'
import type { Agent, Board, Change } from '../api/types'
import { useResource } from '../ui/use-resource'

/** The daemon makes a board at most once a second: asking more often gets the same one. */
const gather = 1_000

const any = (change: Change) => change.follow_up !== undefined || change.agent !== undefined

/** The wall, read again at most once a second while things happen. */
export function useBoard() {
  return useResource((signal) => api.get<Board>('/v1/board', signal), [], { on: any, gather })
}

/** All agents, for whoever names one. */
export function useAgents() {
  return useResource(async (signal) => (await api.get<{ agents: Agent[] }>('/v1/agents', signal)).agents, [], {
    on: (change) => change.agent !== undefined,
    gather,
  })
}
