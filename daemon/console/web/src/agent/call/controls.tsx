import { useEffect, useState } from 'preact/hooks'
import { calendar, clock } from '../../app/services'
import type { ID } from '../../api/types'
import { lengthOf } from '../../time/format'
import { Button } from '../../ui/button'
import { useKeys } from '../../ui/use-keys'
import { telephone } from '../phone'
import { shortcuts } from '../shortcuts'
import { agentTexts } from '../texts'
import type { CallView } from './call-view'
import { useCommand } from './use-command'

/** Within this time the key must be pressed again, in milliseconds. */
const again = 3_000

/** What can be done to the call: microphone, recording, the end. */
export function Controls({ id, view }: { id: ID; view: CallView }) {
  const t = agentTexts.value.call
  const [pending, command] = useCommand(id, view.recordingPausedAt)
  const [sure, setSure] = useState(false)
  const line = telephone.line.value
  const muted = line?.muted.value ?? false
  const paused = view.recordingPausedAt !== undefined
  const talking = view.phase === 'talking'
  const live = talking || view.phase === 'agent' || view.phase === 'dialing' || view.phase === 'ringing'
  const canMute = telephone.call.value === 'connected' && live

  useEffect(() => {
    if (!sure) return
    const timer = setTimeout(() => setSure(false), again)
    return () => clearTimeout(timer)
  }, [sure])

  const mute = () => line?.mute(!muted)
  const record = () => command(paused ? 'unmute' : 'mute')
  const hangUp = () => {
    if (!sure) return setSure(true)
    setSure(false)
    command('hang_up')
  }
  useKeys({
    m: () => canMute && mute(),
    p: () => talking && record(),
    h: () => live && hangUp(),
  }, shortcuts.value)

  if (!live) return null
  return (
    <section class="panel controls">
      <Recording talking={talking} since={view.recordingPausedAt} />
      <div class="row">
        {line && <Button shortcut="M" disabled={!canMute} aria-pressed={muted} onClick={mute}>{muted ? t.unmute : t.mute}</Button>}
        <Button shortcut="P" disabled={!talking} aria-pressed={paused} busy={pending === 'mute' || pending === 'unmute'} onClick={record}>
          {paused ? t.resumeRecording : t.pauseRecording}
        </Button>
        <Button kind="danger" shortcut="H" busy={pending === 'hang_up'} onClick={hangUp}>{sure ? t.hangUpAgain : t.hangUp}</Button>
      </div>
    </section>
  )
}

function Recording({ talking, since }: { talking: boolean; since: string | undefined }) {
  const t = agentTexts.value.call
  if (!talking) return null
  if (!since) return <p class="recording"><span class="recording-dot" aria-hidden="true" />{t.recording}</p>
  const passed = clock.now.value - Date.parse(since)
  const limit = calendar.value?.limits.mute_seconds
  return (
    <p class="recording recording-paused" role="status">
      {t.recordingPaused}
      <span class="number" aria-hidden="true">{limit ? t.resumesIn(lengthOf(limit * 1000 - passed)) : t.pausedFor(lengthOf(passed))}</span>
    </p>
  )
}
