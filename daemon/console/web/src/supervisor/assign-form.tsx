import { useState } from 'preact/hooks'
import { api } from '../app/services'
import type { Agent, BoardAgent, ID } from '../api/types'
import { terms } from '../i18n/terms'
import { Button } from '../ui/button'
import { Refusal } from '../ui/refusal'
import { toast } from '../ui/toast'
import { useAction } from '../ui/use-action'
import { supervisorTexts } from './texts'

interface Props {
  id: ID
  ticket: string
  agents: readonly (Agent | BoardAgent)[]
  /** Named already. */
  current?: string | undefined
  onDone: () => void
}

/** Names the agent who is to call. */
export function AssignForm({ id, ticket, agents, current, onDone }: Props) {
  const t = supervisorTexts.value.assign
  const [chosen, setChosen] = useState('')
  const { busy, failure, run } = useAction()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!(await run(() => api.post(`/v1/follow-ups/${id}/assign`, { agent: chosen })))) return
    toast(t.done(ticket, chosen))
    setChosen('')
    onDone()
  }

  return (
    <form class="assign" onSubmit={(event) => void submit(event)}>
      <select aria-label={t.label(ticket)} required value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
        <option value="">{current ? t.other(current) : t.choose}</option>
        {agents.filter((agent) => agent.id !== current).map((agent) => (
          <option key={agent.id} value={agent.id}>{`${agent.id} (${agent.reserved ? t.busy : terms.value.presence[agent.presence]})`}</option>
        ))}
      </select>
      <Button kind="primary" type="submit" busy={busy} disabled={chosen === ''}>{t.assign}</Button>
      <Refusal failure={failure} fields />
    </form>
  )
}
