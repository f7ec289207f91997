import { api } from '../../app/services'
import type { Activity, ID, State } from '../../api/types'
import { useResource } from '../../ui/use-resource'
import type { CustodyLink } from '../types'

/** One follow-up with its history. */
export function useDossier(id: ID) {
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

/** What happened to a dossier since it was sealed. */
export function useCustody(id: ID) {
  return useResource(
    async (signal) => (await api.get<{ custody: CustodyLink[] }>(`/v1/follow-ups/${id}/custody`, signal)).custody,
    [id],
    { on: (change) => change.follow_up === id && change.kind === 'sealed' },
  )
}
