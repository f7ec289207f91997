import { path, segmentsOf } from '../app/router'
import { common } from '../i18n/common'
import { terms } from '../i18n/terms'
import { Notice } from '../ui/notice'
import { Subnav } from '../ui/subnav'
import { Agents } from './agents'
import { CalendarInForce } from './calendar'
import { SystemState } from './system-state'
import { adminTexts } from './texts'
import { Users } from './users'
import './admin.css'

const home = '/admin'

/** Who gets in, who rings, when the office works, and how the installation is. */
export function AdminPage() {
  const t = adminTexts.value
  const [part] = segmentsOf(path.value)
  const parts = [
    { path: home, name: t.parts.system },
    { path: `${home}/pengguna`, name: t.parts.users },
    { path: `${home}/agen`, name: t.parts.agents },
    { path: `${home}/kalender`, name: t.parts.calendar },
  ]
  return (
    <>
      <h1 class="hidden">{terms.value.role.admin}</h1>
      <Subnav label={t.partsLabel} parts={parts} shown={path.value} />
      <Part name={part} />
    </>
  )
}

function Part({ name }: { name: string | undefined }) {
  switch (name) {
    case undefined:
      return <SystemState />
    case 'pengguna':
      return <Users />
    case 'agen':
      return <Agents />
    case 'kalender':
      return <CalendarInForce />
    default:
      return <Notice tone="warn">{common.value.noPage}</Notice>
  }
}
