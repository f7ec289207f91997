import type { ID } from '../api/types'
import type { SealedDossier } from './types'

/** The next of the list that was not reviewed when it was read. */
export function nextOf(listed: readonly SealedDossier[], id: ID): ID | undefined {
  const at = listed.findIndex((dossier) => dossier.id === id)
  const unreviewed = (dossier: SealedDossier) => dossier.id !== id && dossier.review === 'none'
  return (listed.slice(at + 1).find(unreviewed) ?? listed.find(unreviewed))?.id
}
