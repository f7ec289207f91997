import { useState } from 'preact/hooks'
import { api, sessions } from '../app/services'
import type { Account } from '../api/types'
import { common } from '../i18n/common'
import { terms } from '../i18n/terms'
import { momentOf } from '../time/format'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Loading } from '../ui/loading'
import { Notice } from '../ui/notice'
import { Table } from '../ui/table'
import { useUsers } from './data'
import { RemoveDialog } from './remove-dialog'
import { adminTexts } from './texts'
import { UserDialog } from './user-dialog'

type Asked = { what: 'add' } | { what: 'change' | 'remove'; user: Account }

/** Who may sign in, as what, and with which telephone. */
export function Users() {
  const t = adminTexts.value.users
  const users = useUsers()
  const [asked, setAsked] = useState<Asked>()
  const shown = users.data.value
  if (!shown) return users.failure.value ? <Notice tone="warn">{common.value.unreachable}</Notice> : <Loading />
  const close = () => setAsked(undefined)
  const done = () => {
    close()
    users.reload()
  }
  return (
    <section class="panel" aria-label={t.heading}>
      <div class="panel-head">
        <h2>{t.heading}</h2>
        <Button kind="primary" onClick={() => setAsked({ what: 'add' })}>{t.add}</Button>
      </div>
      <Table
        caption={t.heading}
        columns={[
          { name: common.value.name, cell: ({ name, disabled }) => <span class="row"><strong>{name}</strong>{disabled && <Badge tone="warn">{t.disabled}</Badge>}</span> },
          { name: t.role, cell: ({ role }) => terms.value.role[role] },
          { name: t.telephone, cell: (user) => (user.agent ?? (user.endpoint ? `${user.endpoint} (${user.switch})` : '–')) },
          { name: t.changed, cell: ({ changed }) => momentOf(changed) },
          {
            name: t.actions, hideName: true,
            cell: (user) => (
              <span class="row">
                <Button aria-label={`${t.change} ${user.name}`} onClick={() => setAsked({ what: 'change', user })}>{t.change}</Button>
                {user.name !== sessions.user.value?.name && (
                  <Button kind="danger" aria-label={`${t.remove} ${user.name}`} onClick={() => setAsked({ what: 'remove', user })}>{t.remove}</Button>
                )}
              </span>
            ),
          },
        ]}
        rows={shown}
        keyOf={({ name }) => name}
        empty={t.none}
      />
      {asked && asked.what !== 'remove' && <UserDialog user={asked.what === 'change' ? asked.user : undefined} onDone={done} onClose={close} />}
      {asked?.what === 'remove' && (
        <RemoveDialog title={t.removeTitle(asked.user.name)} lead={t.removeLead} remove={() => api.delete(`/v1/users/${asked.user.name}`)} onDone={done} onClose={close} />
      )}
    </section>
  )
}
