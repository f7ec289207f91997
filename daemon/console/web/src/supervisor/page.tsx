import { useEffect } from 'preact/hooks'
import { telephone } from '../agent/phone'
import { terms } from '../i18n/terms'
import { Parts } from '../ui/parts'
import { Detail } from './detail/detail'
import { Enqueue } from './enqueue'
import { Import } from './import'
import { Search } from './search'
import { supervisorTexts } from './texts'
import { Wall } from './wall/wall'
import './supervisor.css'

/** The co-supervisor's working place: the wall, and what is decided from it. */
export function SupervisorPage() {
  const t = supervisorTexts.value
  useEffect(() => telephone.start(), []) // rings for whoever listens
  return (
    <Parts
      title={terms.value.role.supervisor}
      label={t.partsLabel}
      home="/supervisor"
      parts={[
        { segment: '', name: t.parts.wall, content: Wall },
        { segment: 'tambah', name: t.parts.enqueue, content: Enqueue },
        { segment: 'impor', name: t.parts.import, content: Import },
        { segment: 'cari', name: t.parts.search, content: Search },
      ]}
      other={(id) => <Detail key={id} id={id} />}
    />
  )
}
