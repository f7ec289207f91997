import { useState } from 'preact/hooks'
import type { State } from '../../api/types'
import { Button } from '../../ui/button'
import { useAgents } from '../../ui/use-agents'
import { AssignForm } from '../assign-form'
import { supervisorTexts } from '../texts'
import { CancelDialog, RequeueDialog } from './decide-dialogs'
import { EditDialog } from './edit-dialog'
import { OutcomeDialog } from './outcome-dialog'

/** What the ledger lets a co-supervisor decide in a status; see the table of transitions. */
export function decisionsOf({ status, call, follow_up }: State) {
  const waits = status === 'awaiting_agent' || status === 'queued' || status === 'handed_back'
  return {
    assign: waits,
    edit: waits,
    cancel: waits,
    requeue: status === 'handed_back' && !follow_up.manual && !(follow_up.route === 'opinion_unrequested' && !follow_up.agent),
    outcome: status === 'handed_back' && call.outcome === 'unconfirmed',
  }
}

type Asked = 'edit' | 'requeue' | 'cancel' | 'outcome'

/** A dialogue stays though its follow-up is taken up meanwhile: what was written is not lost, and the daemon says whether it comes too late. */
export function Decisions({ state, onDone }: { state: State; onDone: (after: State) => void }) {
  const t = supervisorTexts.value.decisions
  const agents = useAgents()
  const [asked, setAsked] = useState<Asked>()
  const can = decisionsOf(state)
  const close = () => setAsked(undefined)
  const done = (after: State) => {
    close()
    onDone(after)
  }
  const { id, ticket, agent } = state.follow_up
  return (
    <>
      {!can.assign && <p class="soft">{state.status === 'closed' || state.status === 'cancelled' ? t.over : t.underWay}</p>}
      {can.assign && (
        <div class="decisions">
          <AssignForm id={id} ticket={ticket} agents={agents.data.value ?? []} current={agent} onDone={() => onDone(state)} />
          <div class="row">
            {can.outcome && <Button kind="primary" onClick={() => setAsked('outcome')}>{t.outcome}</Button>}
            {can.requeue && <Button onClick={() => setAsked('requeue')}>{t.requeue}</Button>}
            <Button onClick={() => setAsked('edit')}>{t.edit}</Button>
            <Button kind="danger" onClick={() => setAsked('cancel')}>{t.cancel}</Button>
          </div>
        </div>
      )}
      {asked === 'edit' && <EditDialog state={state} onDone={done} onClose={close} />}
      {asked === 'requeue' && <RequeueDialog id={id} onDone={done} onClose={close} />}
      {asked === 'cancel' && <CancelDialog id={id} onDone={done} onClose={close} />}
      {asked === 'outcome' && <OutcomeDialog id={id} attempt={state.attempt} onDone={done} onClose={close} />}
    </>
  )
}
