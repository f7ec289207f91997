import { useEffect, useState } from 'preact/hooks'
import { api } from '../../app/services'
import type { State } from '../../api/types'
import { shortcuts } from '../../agent/shortcuts'
import { lengthOf } from '../../time/format'
import { Button } from '../../ui/button'
import { Loading } from '../../ui/loading'
import { Refusal } from '../../ui/refusal'
import { useAction } from '../../ui/use-action'
import { useKeys } from '../../ui/use-keys'
import type { Player } from '../player/player'
import { RecordingPlayer } from '../player/recording-player'
import type { Timeline } from '../player/timeline'
import { qaTexts } from '../texts'
import type { Waveform } from '../types'
import { DownloadDialog } from './download-dialog'
import { MarkerList } from './marker-list'

interface Props {
  state: State
  timelines: Map<number, Timeline>
  attempt: number | undefined
  /** Whether somebody chose to listen: reading a dossier opens no recording. */
  opened: boolean
  onChoose: (attempt: number) => void
  onOpen: () => void
  onPlayer: (player: Player | undefined) => void
  /** The custody chain has grown. */
  onAccess: () => void
}

/** The recordings of a dossier: which one, opened on demand, and fetched with a reason. */
export function RecordingPanel({ state, timelines, attempt, opened, onChoose, onOpen, onPlayer, onAccess }: Props) {
  const t = qaTexts.value.player
  const [fetching, setFetching] = useState(false)
  const timeline = attempt === undefined ? undefined : timelines.get(attempt)
  const missing = (state.recordings ?? []).filter((recording) => !timelines.has(recording.attempt))
  useKeys({ d: () => setFetching(true) }, shortcuts.value && timeline !== undefined)
  useKeys({ ' ': onOpen }, shortcuts.value && timeline !== undefined && !opened)
  return (
    <section class="panel" aria-label={t.heading}>
      <div class="panel-head">
        <h2>{t.heading}</h2>
        {timeline && <Button shortcut="D" onClick={() => setFetching(true)}>{qaTexts.value.download.button}</Button>}
      </div>
      {timelines.size > 1 && (
        <div class="row" role="group" aria-label={t.heading}>
          {[...timelines].map(([n, { seconds }]) => (
            <button key={n} type="button" class="button attempt-choice" aria-pressed={n === attempt} onClick={() => onChoose(n)}>
              {t.attempt(n, lengthOf(seconds * 1000))}
            </button>
          ))}
        </div>
      )}
      {timelines.size === 0 && missing.length === 0 && <p class="soft">{t.none}</p>}
      {missing.map((recording) => <p key={recording.attempt} class="soft">{t.notArchived(recording.attempt)}</p>)}
      {timeline && !opened && (
        <div class="recording-closed">
          <Button kind="primary" shortcut={t.space} onClick={onOpen}>{t.open}</Button>
          <p class="soft">{t.openLead}</p>
        </div>
      )}
      {timeline && opened && (
        <Opened key={attempt} address={`/v1/follow-ups/${state.follow_up.id}/recordings/${attempt}`} timeline={timeline} onPlayer={onPlayer} onAccess={onAccess} />
      )}
      {fetching && attempt !== undefined && (
        <DownloadDialog id={state.follow_up.id} attempt={attempt} onClose={() => setFetching(false)} onFetched={onAccess} />
      )}
    </section>
  )
}

/** How many pieces of a waveform show a second: enough to find who speaks. */
const detail = 10

/** Opens a recording once; what is live on the page does not open it again. */
function Opened({ address, timeline, onPlayer, onAccess }: { address: string; timeline: Timeline } & Pick<Props, 'onPlayer' | 'onAccess'>) {
  const t = qaTexts.value.player
  const [waveform, setWaveform] = useState<Waveform>()
  const action = useAction()
  const load = (signal?: AbortSignal) =>
    action.run(async () => {
      const points = Math.round(Math.min(Math.max(timeline.seconds * detail, 500), 8000))
      setWaveform(await api.get<Waveform>(`${address}/waveform?points=${points}`, signal))
      onAccess()
    })
  useEffect(() => {
    const leaving = new AbortController()
    void load(leaving.signal)
    return () => leaving.abort()
  }, [address])
  if (action.failure) {
    return (
      <div class="row">
        <Refusal failure={action.failure} />
        <Button onClick={() => void load()}>{t.again}</Button>
      </div>
    )
  }
  if (!waveform) return <Loading />
  return (
    <>
      <RecordingPlayer address={address} waveform={waveform} timeline={timeline} onPlayer={onPlayer} />
      <MarkerList timeline={timeline} />
    </>
  )
}
