import { api, sessions } from '../app/services'
import type { Activity, Agent, Change, ID, State } from '../api/types'
import { useResource } from '../ui/use-resource'

/** The statuses in which a follow-up is in its agent's hands. */
const inHand = ['assigned', 'dialing', 'talking', 'wrap_up', 'reconciling']
/** The statuses in which it waits for the agent it was designated to. */
const waiting = ['queued']

export function myID(): string {
  return sessions.user.value?.agent ?? ''
}

const ofMine = (change: Change) => change.agent === myID()

export function useMe() {
  return useResource(
    async (signal) => (await api.get<{ agents: Agent[] }>('/v1/agents', signal)).agents.find(({ id }) => id === myID()),
    [myID()],
    { on: ofMine },
  )
}

/** The follow-up in the agent's hands, and those that wait for this agent in particular. */
export function useMine() {
  return useResource(
    async (signal) => {
      const query = new URLSearchParams({ agent: myID() })
      for (const state of [...inHand, ...waiting]) query.append('state', state)
      const { follow_ups } = await api.get<{ follow_ups: State[] }>(`/v1/follow-ups?${query}`, signal)
      return {
        current: follow_ups.find(({ status, assignment }) => inHand.includes(status) && assignment?.agent === myID()),
        waiting: follow_ups.filter(({ status, follow_up }) => waiting.includes(status) && follow_up.agent === myID()),
      }
    },
    [myID()],
    { on: ofMine },
  )
}

/** One follow-up with its history, as both are at the daemon. */
export function useFollowUp(id: ID) {
  return useResource(
    async (signal) => {
      const [state, history] = await Promise.all([
        api.get<State>(`/v1/follow-ups/${id}`, signal),
        api.get<{ activities: Activity[] }>(`/v1/follow-ups/${id}/history`, signal),
      ])
      return { state, history: history.activities }
    },
    [id],
    { on: (change) => change.follow_up === id },
  )
}

/** The resolution that a follow-up completes. */
export function useEarlier(id: ID) {
  return useResource((signal) => api.get<State>(`/v1/follow-ups/${id}`, signal), [id])
}

