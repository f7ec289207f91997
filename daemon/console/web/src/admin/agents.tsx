import { PresenceBadge } from '../ui/presence-badge'
import { useAgents } from '../ui/use-agents'
import { AgentDialog } from './agent-dialog'
import { RecordList } from './record-list'
import { adminTexts } from './texts'

/** Who rings, and where each is reached. */
export function Agents() {
  const t = adminTexts.value.agents
  return (
    <RecordList
      texts={t}
      records={useAgents()}
      nameOf={({ id }) => id}
      columns={[
        { name: t.id, cell: ({ id }) => <strong>{id}</strong> },
        { name: t.endpoint, cell: ({ endpoint }) => <code>{endpoint}</code> },
        { name: t.atSwitch, cell: (agent) => agent.switch },
        { name: t.specialisation, cell: ({ specialisation }) => specialisation ?? '–' },
        { name: t.presence, cell: ({ presence }) => <PresenceBadge presence={presence} /> },
      ]}
      path="/v1/agents"
      kept={({ reserved }) => reserved !== undefined}
      dialog={(props) => <AgentDialog {...props} />}
    />
  )
}
