import { useState } from 'preact/hooks'
import { telephone } from '../../agent/phone'
import { api, sessions } from '../../app/services'
import type { MonitorMode, State } from '../../api/types'
import { momentOf } from '../../time/format'
import { Button } from '../../ui/button'
import { Notice } from '../../ui/notice'
import { Refusal } from '../../ui/refusal'
import { useAction } from '../../ui/use-action'
import { supervisorTexts } from '../texts'

/** Longer than any telephone rings, in milliseconds. */
const ringing = 330_000

/** Listens to a talk under way, or whispers to its agent. Each is written into the history. */
export function MonitorPanel({ state }: { state: State }) {
  const t = supervisorTexts.value.monitor
  const [asked, setAsked] = useState<MonitorMode>()
  const { busy, failure, run } = useAction()
  const { monitor } = state.call
  if (state.status !== 'talking') return null
  const path = `/v1/follow-ups/${state.follow_up.id}/monitor`
  const mine = monitor?.actor === `user:${sessions.user.value?.name}`

  async function enter(mode: MonitorMode) {
    setAsked(mode)
    await run(() => api.post(path, { mode }, { patience: ringing })) // answered when the telephone is, or why it was not
    setAsked(undefined)
  }

  const enterButton = (mode: MonitorMode) => (
    <Button
      kind={mode === 'listen' ? 'primary' : 'plain'}
      busy={busy && asked === mode}
      disabled={busy || (monitor !== undefined && !mine) || (mine && monitor.mode === mode)}
      aria-pressed={mine && monitor.mode === mode}
      onClick={() => void enter(mode)}
    >
      {t.enter[mode]}
    </Button>
  )
  return (
    <section class="panel monitor" aria-label={t.heading}>
      <div class="panel-head">
        <h3>{t.heading}</h3>
        <span class="soft">{t.telephones[telephone.state.value]}</span>
      </div>
      {monitor && <Notice tone="info">{mine ? t.mine[monitor.mode] : t.others(monitor.actor.replace(/^user:/, ''))} {t.since(momentOf(monitor.since))}</Notice>}
      {busy && asked && <Notice tone="info">{t.ringing}</Notice>}
      <div class="row">
        {enterButton('listen')}
        {enterButton('whisper')}
        {mine && <Button kind="danger" busy={busy && !asked} onClick={() => void run(() => api.delete(path))}>{t.leave}</Button>}
      </div>
      <p class="soft">{t.lead}</p>
      <Refusal failure={failure} fields />
    </section>
  )
}
