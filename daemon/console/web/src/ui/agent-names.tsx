import { useAgents } from './use-agents'

/** What a field for an agent offers: those that there are. One that was removed can be typed. */
export function AgentNames({ id }: { id: string }) {
  return <datalist id={id}>{useAgents().data.value?.map((agent) => <option key={agent.id} value={agent.id} />)}</datalist>
}
