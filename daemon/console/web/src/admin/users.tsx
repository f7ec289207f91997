import { sessions } from '../app/services'
import { common } from '../i18n/common'
import { terms } from '../i18n/terms'
import { momentOf } from '../time/format'
import { Badge } from '../ui/badge'
import { useUsers } from './data'
import { RecordList } from './record-list'
import { adminTexts } from './texts'
import { UserDialog } from './user-dialog'

/** Who may sign in, as what, and with which telephone. */
export function Users() {
  const t = adminTexts.value.users
  return (
    <RecordList
      texts={t}
      records={useUsers()}
      nameOf={({ name }) => name}
      columns={[
        { name: common.value.name, cell: ({ name, disabled }) => <span class="row"><strong>{name}</strong>{disabled && <Badge tone="warn">{t.disabled}</Badge>}</span> },
        { name: t.role, cell: ({ role }) => terms.value.role[role] },
        { name: t.telephone, cell: (user) => (user.agent ?? (user.endpoint ? `${user.endpoint} (${user.switch})` : '–')) },
        { name: t.changed, cell: ({ changed }) => momentOf(changed) },
      ]}
      path="/v1/users"
      kept={({ name }) => name === sessions.user.value?.name}
      dialog={(props) => <UserDialog {...props} />}
    />
  )
}
