import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Activity, ID, State } from '../../api/types'
import { terms } from '../../i18n/terms'
import { Loading } from '../../ui/loading'
import { Notice } from '../../ui/notice'
import { Refusal } from '../../ui/refusal'
import type { Player } from '../player/player'
import { ReviewBadge } from '../review-badge'
import { qaTexts } from '../texts'
import { CustodyPanel } from './custody-panel'
import { lastReview } from './custody'
import { useCustody, useDossier } from './data'
import { Facts } from './facts'
import { HistoryPanel } from './history-panel'
import { KeyMap } from './key-map'
import { RecordingPanel } from './recording-panel'
import { ReviewPanel } from './review-panel'
import { timelinesOf } from './timelines'
import { VerifyPanel } from './verify-panel'
import './dossier.css'

interface Props {
  id: ID
  /** The next one that nobody has reviewed; undefined when none is known. */
  next: ID | undefined
}

export function DossierPage({ id, next }: Props) {
  const t = qaTexts.value
  const dossier = useDossier(id)
  useEffect(() => {
    document.title = `${t.dossierTitle} · Sambung`
    return () => void (document.title = 'Sambung')
  }, [t])
  const data = dossier.data.value
  return (
    <>
      <nav class="row dossier-nav">
        <a href="/qa">← {t.back}</a>
        {next && <a class="dossier-next" href={`/qa/${next}`}>{t.next} →</a>}
      </nav>
      {!data && (dossier.failure.value ? <Refusal failure={dossier.failure.value} /> : <Loading />)}
      {data && <Dossier {...data} />}
    </>
  )
}

function Dossier({ state, history }: { state: State; history: Activity[] }) {
  const t = qaTexts.value
  const id = state.follow_up.id
  const custody = useCustody(id)
  const timelines = useMemo(() => timelinesOf(state, history), [state, history])
  const latest = [...timelines.keys()].at(-1)
  const [attempt, setAttempt] = useState(latest)
  useEffect(() => setAttempt((before) => before ?? latest), [latest]) // the first may come into the archive meanwhile
  const [opened, setOpened] = useState(false)
  const [player, setPlayer] = useState<Player>()
  const [pending, setPending] = useState<number>()
  const sealed = state.dossier === 'sealed'
  const verdict = lastReview(custody.data.value ?? [])

  // A line of the history was chosen whose recording had to be opened first.
  useEffect(() => {
    if (!player || pending === undefined) return
    setPending(undefined)
    player.seek(pending)
    player.play()
  }, [player, pending])

  function jump(to: Activity) {
    const of = to.details.attempt
    const at = of === undefined ? undefined : timelines.get(of)?.placeOf(to)
    if (at === undefined) return
    if (of !== attempt) setPlayer(undefined)
    setAttempt(of)
    setOpened(true)
    setPending(at)
  }

  return (
    <div class="dossier">
      <header class="dossier-head">
        <h1>{state.follow_up.ticket}</h1>
        <span>{terms.value.route[state.follow_up.route]}</span>
        {sealed && <ReviewBadge review={verdict ? (verdict.act as 'accepted' | 'returned') : 'none'} />}
      </header>
      {!sealed && <Notice tone="warn">{t.notSealed}</Notice>}
      <div class="dossier-main">
        <RecordingPanel
          state={state}
          timelines={timelines}
          attempt={attempt}
          opened={opened}
          onChoose={(chosen) => {
            setAttempt(chosen)
            setPending(undefined) // a place of the other one
          }}
          onOpen={() => setOpened(true)}
          onPlayer={setPlayer}
          onAccess={() => custody.reload()}
        />
        {sealed && <ReviewPanel id={id} last={verdict} onReviewed={() => custody.reload()} />}
        {sealed && <VerifyPanel id={id} />}
        {sealed && <CustodyPanel custody={custody} />}
      </div>
      <aside class="dossier-side">
        <HistoryPanel history={history} timelines={timelines} player={player} attempt={attempt} onJump={jump} />
        <Facts state={state} />
        <KeyMap />
      </aside>
    </div>
  )
}
