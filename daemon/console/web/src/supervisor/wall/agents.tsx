import { useState } from 'preact/hooks'
import { clock } from '../../app/services'
import type { Board, BoardAgent } from '../../api/types'
import { terms } from '../../i18n/terms'
import { momentOf } from '../../time/format'
import { Badge } from '../../ui/badge'
import { Button } from '../../ui/button'
import { PresenceBadge } from '../../ui/presence-badge'
import { TicketLink } from '../ticket-link'
import { supervisorTexts } from '../texts'
import { PresenceDialog } from './presence-dialog'

/** Those with a call first, then who could have one, then why the others could not. */
function rankOf({ reserved, presence }: BoardAgent): number {
  if (reserved) return 0
  return presence === 'ready' ? 1 : presence === 'paused' ? 2 : 3
}

/** The agents: what each is doing, and why not. */
export function Agents({ board }: { board: Board }) {
  const t = supervisorTexts.value.agents
  const [changed, setChanged] = useState<BoardAgent>()
  const agents = board.agents.toSorted((a, b) => rankOf(a) - rankOf(b) || a.id.localeCompare(b.id, undefined, { numeric: true }))
  return (
    <section class="panel" aria-label={t.heading}>
      <div class="panel-head">
        <h2>{t.heading}</h2>
        <span class="soft">{t.free(agents.filter(({ presence, reserved }) => presence === 'ready' && !reserved).length, agents.length)}</span>
      </div>
      {agents.length === 0 && <p class="soft">{t.none}</p>}
      <ul class="agents">{agents.map((agent) => <AgentRow key={agent.id} agent={agent} onChange={() => setChanged(agent)} />)}</ul>
      {changed && <PresenceDialog agent={changed} onClose={() => setChanged(undefined)} />}
    </section>
  )
}

function AgentRow({ agent, onChange }: { agent: BoardAgent; onChange: () => void }) {
  const t = supervisorTexts.value.agents
  const p = supervisorTexts.value.presence
  const minutes = Math.max(0, Math.floor((clock.minute.value - Date.parse(agent.since)) / 60_000))
  return (
    <li>
      <strong>{agent.id}</strong>
      <Doing agent={agent} />
      {agent.reserved ? (
        <span class="row">
          <TicketLink id={agent.reserved} ticket={agent.ticket ?? '…'} />
          {agent.presence !== 'ready' && <span class="soft">{t.thenPause}</span>}
        </span>
      ) : (
        <span class="soft">
          {agent.pause_reason && `${agent.pause_reason}, `}
          <time dateTime={agent.since} title={momentOf(agent.since)}>{minutes < 600 ? t.forMinutes(minutes) : t.since(momentOf(agent.since))}</time>
        </span>
      )}
      <Button kind="quiet" aria-label={p.changeOf(agent.id)} onClick={onChange}>{p.change}</Button>
    </li>
  )
}

function Doing({ agent }: { agent: BoardAgent }) {
  if (agent.reserved) return <Badge tone="info">{agent.status ? terms.value.status[agent.status] : '…'}</Badge>
  return <PresenceBadge presence={agent.presence} />
}
