import { useEffect } from 'preact/hooks'
import { telephone } from '../agent/phone'
import { path, segmentsOf } from '../app/router'
import { terms } from '../i18n/terms'
import { Subnav } from '../ui/subnav'
import { Detail } from './detail/detail'
import { Enqueue } from './enqueue'
import { Import } from './import'
import { Search } from './search'
import { supervisorTexts } from './texts'
import { Wall } from './wall/wall'
import './supervisor.css'

const home = '/supervisor'

/** The co-supervisor's working place: the wall, and what is decided from it. */
export function SupervisorPage() {
  const t = supervisorTexts.value
  const [part] = segmentsOf(path.value)
  useEffect(() => telephone.start(), []) // rings for whoever listens
  const parts = [
    { path: home, name: t.parts.wall },
    { path: `${home}/tambah`, name: t.parts.enqueue },
    { path: `${home}/impor`, name: t.parts.import },
    { path: `${home}/cari`, name: t.parts.search },
  ]
  return (
    <>
      <h1 class="hidden">{terms.value.role.supervisor}</h1>
      <Subnav label={t.partsLabel} parts={parts} shown={path.value} />
      <Part name={part} />
    </>
  )
}

function Part({ name }: { name: string | undefined }) {
  switch (name) {
    case undefined:
      return <Wall />
    case 'tambah':
      return <Enqueue />
    case 'impor':
      return <Import />
    case 'cari':
      return <Search />
    default:
      return <Detail key={name} id={name} />
  }
}
