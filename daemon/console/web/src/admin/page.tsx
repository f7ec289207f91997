import { common } from '../i18n/common'
import { terms } from '../i18n/terms'
import { Notice } from '../ui/notice'
import { Parts } from '../ui/parts'
import { Agents } from './agents'
import { CalendarInForce } from './calendar'
import { SystemState } from './system-state'
import { adminTexts } from './texts'
import { Users } from './users'
import './admin.css'

/** Who gets in, who rings, when the office works, and how the installation is. */
export function AdminPage() {
  const t = adminTexts.value
  return (
    <Parts
      title={terms.value.role.admin}
      label={t.partsLabel}
      home="/admin"
      parts={[
        { segment: '', name: t.parts.system, content: SystemState },
        { segment: 'pengguna', name: t.parts.users, content: Users },
        { segment: 'agen', name: t.parts.agents, content: Agents },
        { segment: 'kalender', name: t.parts.calendar, content: CalendarInForce },
      ]}
      other={() => <Notice tone="warn">{common.value.noPage}</Notice>}
    />
  )
}
