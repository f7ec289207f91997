import { useState } from 'preact/hooks'
import { api } from '../app/services'
import type { Agent } from '../api/types'
import { common } from '../i18n/common'
import { terms } from '../i18n/terms'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Loading } from '../ui/loading'
import { Notice } from '../ui/notice'
import { Table } from '../ui/table'
import { AgentDialog } from './agent-dialog'
import { useAllAgents } from './data'
import { RemoveDialog } from './remove-dialog'
import { adminTexts } from './texts'

type Asked = { what: 'add' } | { what: 'change' | 'remove'; agent: Agent }

/** Who rings, and where each is reached. */
export function Agents() {
  const t = adminTexts.value.agents
  const agents = useAllAgents()
  const [asked, setAsked] = useState<Asked>()
  const shown = agents.data.value
  if (!shown) return agents.failure.value ? <Notice tone="warn">{common.value.unreachable}</Notice> : <Loading />
  const close = () => setAsked(undefined)
  const done = () => {
    close()
    agents.reload()
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
          { name: t.id, cell: ({ id }) => <strong>{id}</strong> },
          { name: t.endpoint, cell: ({ endpoint }) => <code>{endpoint}</code> },
          { name: t.atSwitch, cell: (agent) => agent.switch },
          { name: t.specialisation, cell: ({ specialisation }) => specialisation ?? '–' },
          { name: t.presence, cell: ({ presence }) => <Badge tone={presence === 'ready' ? 'good' : presence === 'paused' ? 'warn' : 'neutral'}>{terms.value.presence[presence]}</Badge> },
          {
            name: t.actions, hideName: true,
            cell: (agent) => (
              <span class="row">
                <Button aria-label={`${t.change} ${agent.id}`} onClick={() => setAsked({ what: 'change', agent })}>{t.change}</Button>
                <Button kind="danger" aria-label={`${adminTexts.value.remove} ${agent.id}`} disabled={agent.reserved !== undefined} onClick={() => setAsked({ what: 'remove', agent })}>
                  {adminTexts.value.remove}
                </Button>
              </span>
            ),
          },
        ]}
        rows={shown.toSorted((a, b) => a.id.localeCompare(b.id, undefined, { numeric: true }))}
        keyOf={({ id }) => id}
        empty={t.none}
      />
      {asked && asked.what !== 'remove' && <AgentDialog agent={asked.what === 'change' ? asked.agent : undefined} onDone={done} onClose={close} />}
      {asked?.what === 'remove' && (
        <RemoveDialog title={t.removeTitle(asked.agent.id)} lead={t.removeLead} remove={() => api.delete(`/v1/agents/${asked.agent.id}`)} onDone={done} onClose={close} />
      )}
    </section>
  )
}
