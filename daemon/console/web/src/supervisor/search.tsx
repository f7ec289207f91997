import { useState } from 'preact/hooks'
import { api } from '../app/services'
import type { State, Status } from '../api/types'
import { faultOf } from '../i18n/faults'
import { terms } from '../i18n/terms'
import { AgentNames } from '../ui/agent-names'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Field } from '../ui/field'
import { Refusal } from '../ui/refusal'
import { Table } from '../ui/table'
import { useAction } from '../ui/use-action'
import { momentOf } from '../time/format'
import { TicketLink } from './ticket-link'
import { supervisorTexts } from './texts'

/** At most so many are shown. */
const limit = 200

/** Finds any follow-up, open or not. What is looked for goes in the body: addresses carry no telephone numbers. */
export function Search() {
  const t = supervisorTexts.value.search
  const [found, setFound] = useState<State[]>()
  const { busy, failure, run } = useAction()

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    const query: Record<string, unknown> = { limit }
    for (const name of ['ticket', 'phone', 'agent']) {
      const value = String(form.get(name)).trim()
      if (value) query[name] = value
    }
    const status = String(form.get('state'))
    if (status) query.state = [status]
    await run(async () => setFound((await api.post<{ follow_ups: State[] }>('/v1/follow-ups/search', query)).follow_ups))
  }

  const fault = (field: string) => faultOf(failure, field)
  return (
    <section class="panel" aria-label={t.heading}>
      <h2>{t.heading}</h2>
      <form class="form" noValidate onSubmit={(event) => void submit(event)}>
        <div class="fields">
          <Field label={terms.value.ticket} fault={fault('ticket')}>{(control) => <input {...control} name="ticket" autocomplete="off" />}</Field>
          <Field label={supervisorTexts.value.fields.phone} fault={fault('phone')}>{(control) => <input {...control} name="phone" type="tel" autocomplete="off" />}</Field>
          <Field label={terms.value.agent} fault={fault('agent')}>{(control) => <input {...control} name="agent" list="agent-names" autocomplete="off" />}</Field>
          <Field label={t.status}>
            {(control) => (
              <select {...control} name="state">
                <option value="">{t.anyStatus}</option>
                {(Object.keys(terms.value.status) as Status[]).map((status) => <option key={status} value={status}>{terms.value.status[status]}</option>)}
              </select>
            )}
          </Field>
        </div>
        <AgentNames id="agent-names" />
        <div class="row"><Button kind="primary" type="submit" busy={busy}>{t.find}</Button></div>
        <Refusal failure={failure} />
      </form>
      {found && (
        <Table
          caption={t.found}
          columns={[
            { name: terms.value.ticket, cell: ({ follow_up }) => <TicketLink id={follow_up.id} ticket={follow_up.ticket} /> },
            { name: t.status, cell: ({ status }) => <Badge>{terms.value.status[status]}</Badge> },
            { name: t.result, cell: ({ outcome, call }) => (outcome ? terms.value.outcome[outcome] : call.result ? terms.value.result[call.result] : '–') },
            { name: terms.value.agent, cell: ({ follow_up, assignment, last_agent }) => assignment?.agent ?? follow_up.agent ?? last_agent ?? '–' },
            { name: terms.value.deadline, cell: ({ follow_up, missed }) => <span>{momentOf(follow_up.deadline)} {missed && <Badge tone="bad">{t.missed}</Badge>}</span> },
          ]}
          rows={found}
          keyOf={({ follow_up }) => follow_up.id}
          empty={t.none}
        />
      )}
    </section>
  )
}
