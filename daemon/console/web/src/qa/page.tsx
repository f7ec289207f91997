import { useState } from 'preact/hooks'
import { path, segmentsOf } from '../app/router'
import { DossierPage } from './dossier/dossier-page'
import { nextOf } from './next'
import type { SealedDossier } from './types'
import { Worklist } from './worklist/worklist'
import { worklist } from './worklist/search'
import './qa.css'

/**
 * Quality Assurance: the worklist, or one dossier at /qa/ID. The search is kept
 * while one goes back and forth; it may hold a number, so it is kept nowhere else.
 */
export function QAPage() {
  const [search, setSearch] = useState(worklist)
  const [listed, setListed] = useState<SealedDossier[]>([])
  const [id] = segmentsOf(path.value)
  if (id) return <DossierPage key={id} id={id} next={nextOf(listed, id)} />
  return <Worklist search={search} onSearch={setSearch} onFound={setListed} />
}
