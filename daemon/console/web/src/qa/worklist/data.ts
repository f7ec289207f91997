import { useRef } from 'preact/hooks'
import { api, clock } from '../../app/services'
import { useResource } from '../../ui/use-resource'
import type { DossierPage, SealedDossier } from '../types'
import { bodyOf, type Search } from './search'

/** How many dossiers come at once. */
const pageSize = 50

export interface Found {
  dossiers: SealedDossier[]
  /** Whether older ones were not looked at yet. */
  more: boolean
}

/**
 * The dossiers of a search, kept as they are: what is sealed meanwhile comes in by
 * itself. Older pages are read again with the first one, so that none is missed or
 * twice when the pages move.
 */
export function useDossiers(search: Search) {
  const pages = useRef(1)
  const of = useRef(search)
  if (of.current !== search) {
    of.current = search
    pages.current = 1
  }
  const found = useResource<Found>((signal) => read(search, pages.current, signal), [search], { on: ({ kind }) => kind === 'sealed' })
  return {
    found,
    more: () => {
      pages.current++
      found.reload()
    },
  }
}

async function read(search: Search, pages: number, signal: AbortSignal): Promise<Found> {
  const body = bodyOf(search, clock.zone.peek())
  const dossiers: SealedDossier[] = []
  let cursor: string | undefined
  for (let page = 0; page < pages; page++) {
    const answer = await api.post<DossierPage>('/v1/dossiers/search', { ...body, limit: pageSize, ...(cursor && { cursor }) }, { signal })
    dossiers.push(...answer.dossiers)
    cursor = answer.next
    if (!cursor) break
  }
  return { dossiers, more: cursor !== undefined }
}
