import { useState } from 'preact/hooks'
import { api } from '../app/services'
import type { Agent, Presence } from '../api/types'
import { asFailure } from '../api/failure'
import type { Resource } from '../api/resource'
import { common } from '../i18n/common'
import { momentOf } from '../time/format'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Field } from '../ui/field'
import { Notice } from '../ui/notice'
import { wordsOf } from '../ui/refusal'
import { toast } from '../ui/toast'
import { useKeys } from '../ui/use-keys'
import { shortcuts } from './shortcuts'
import { agentTexts } from './texts'

/** The reason that the ledger gives when an agent's telephone was not picked up: the label of its rule. */
const notPickedUp = 'agen tidak menjawab'

/** Whether the agent takes calls, and how to change that. */
export function PresencePanel({ me, inCall }: { me: Resource<Agent | undefined>; inCall: boolean }) {
  const t = agentTexts.value.presence
  const agent = me.data.value!
  const [asking, setAsking] = useState(false)
  const [busy, setBusy] = useState(false)

  async function say(presence: Presence, reason?: string) {
    setAsking(false)
    setBusy(true)
    try {
      me.set(await api.post<Agent>(`/v1/agents/${agent.id}/presence`, reason ? { presence, reason } : { presence }))
    } catch (thrown) {
      toast(wordsOf(asFailure(thrown)), 'bad')
    }
    setBusy(false)
  }

  const can = { ready: agent.presence !== 'ready', pause: agent.presence !== 'paused', offline: agent.presence !== 'offline' && !inCall }
  useKeys({
    r: () => can.ready && !busy && void say('ready'),
    b: () => can.pause && !busy && setAsking(true),
  }, shortcuts.value)

  return (
    <section class={`presence presence-${agent.presence}`} aria-label={t[agent.presence]}>
      <div>
        <p class="presence-state">{t[agent.presence]}</p>
        <p class="presence-since">
          {agent.presence === 'paused' && agent.pause_reason && agent.pause_reason !== notPickedUp && `${agent.pause_reason}, `}
          {t.since(momentOf(agent.since))}
        </p>
      </div>
      <div class="presence-actions">
        {can.ready && <Button kind="primary" shortcut="R" busy={busy} onClick={() => void say('ready')}>{t.goReady}</Button>}
        {can.pause && <Button shortcut="B" busy={busy} onClick={() => setAsking(true)}>{t.goPause}</Button>}
        {can.offline && <Button kind="quiet" busy={busy} onClick={() => void say('offline')}>{t.goOffline}</Button>}
      </div>
      {agent.presence === 'paused' && agent.pause_reason === notPickedUp && <Notice tone="bad">{t.notPickedUp}</Notice>}
      {asking && <PauseDialog onPause={(reason) => void say('paused', reason)} onClose={() => setAsking(false)} />}
    </section>
  )
}

function PauseDialog({ onPause, onClose }: { onPause: (reason: string) => void; onClose: () => void }) {
  const t = agentTexts.value.presence
  const [reason, setReason] = useState(t.reasons[0]!)
  return (
    <Dialog
      title={t.goPause}
      onClose={onClose}
      actions={(
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button kind="primary" disabled={reason.trim() === ''} onClick={() => onPause(reason.trim())}>{t.goPause}</Button>
        </>
      )}
    >
      <form
        id="pause"
        onSubmit={(event) => {
          event.preventDefault()
          if (reason.trim() !== '') onPause(reason.trim())
        }}
      >
        <Field label={t.reason}>
          {(control) => (
            <input {...control} list="pause-reasons" maxLength={100} value={reason} autofocus onInput={(event) => setReason(event.currentTarget.value)} />
          )}
        </Field>
        <datalist id="pause-reasons">{t.reasons.map((known) => <option key={known} value={known} />)}</datalist>
        <div class="reason-choices">
          {t.reasons.map((known) => <Button key={known} onClick={() => onPause(known)}>{known}</Button>)}
        </div>
      </form>
    </Dialog>
  )
}
