import { useEffect, useRef, useState } from 'preact/hooks'
import type { ID, Presence } from '../api/types'
import { common } from '../i18n/common'
import { Loading } from '../ui/loading'
import { Notice } from '../ui/notice'
import { CallPanel } from './call/call-panel'
import { myID, useMe, useMine } from './data'
import { HeadsetCheck } from './headset-check'
import { KeyMap } from './key-map'
import { telephone } from './phone'
import { PresencePanel } from './presence'
import { TelephoneLine, TelephonePanel } from './telephone-panel'
import { agentTexts } from './texts'
import { WaitingList } from './waiting-list'
import './agent.css'

/** The agent's working place: the call while there is one, else what is to be ready for it. */
export function AgentPage() {
  const t = agentTexts.value
  useEffect(() => telephone.start(), [])
  useLeaveWarning()
  if (myID() === '') return <Notice tone="bad">{t.notAgent}</Notice>
  return <Desk />
}

function Desk() {
  const t = agentTexts.value
  const me = useMe()
  const mine = useMine()
  const current = mine.data.value?.current
  const [shown, setShown] = useShown(current?.follow_up.id)
  useEffect(() => {
    document.title = current ? `${t.callTitle} · Sambung` : 'Sambung'
    return () => void (document.title = 'Sambung')
  }, [current !== undefined, t])

  if (!me.data.value || !mine.data.value) {
    const failure = me.failure.value ?? mine.failure.value
    if (me.data.value === undefined && !me.loading.value && !failure) return <Notice tone="bad">{t.notAgent}</Notice>
    return failure ? <Notice tone="warn">{common.value.unreachable}</Notice> : <Loading />
  }
  const presence = me.data.value.presence
  const browser = telephone.state.value !== 'desk' && telephone.headset.possible
  return (
    <div class={shown ? 'desk desk-call' : 'desk'}>
      <h1 class="hidden">{t.title}</h1>
      <PresencePanel me={me} inCall={current !== undefined} />
      {shown && <TelephoneLine />}
      <div class="desk-main">
        {shown ? <CallPanel key={shown} id={shown} inHand={shown === current?.follow_up.id} onDone={() => setShown(undefined)} /> : (
          <>
            <p class="lead">{leadOf(presence, !browser)}</p>
            {browser && <HeadsetCheck />}
            <WaitingList waiting={mine.data.value.waiting} />
          </>
        )}
      </div>
      <aside class="desk-side">
        {!shown && <TelephonePanel />}
        <KeyMap />
      </aside>
    </div>
  )
}

/** What the agent has to know while there is no call. */
function leadOf(presence: Presence, desk: boolean): string {
  const t = agentTexts.value.presence
  if (presence === 'paused') return t.pausedLead
  if (presence === 'ready') return desk ? t.readyDeskLead : t.readyLead
  return desk ? t.offlineDeskLead : t.offlineLead
}

const lastCall = 'sambung.call'

/**
 * The follow-up on the page: the one in hand, and after it the same one until the page
 * knows what became of it, so that an outcome that nobody confirmed can be mended. After
 * a reload it is still there.
 */
function useShown(current: ID | undefined): [ID | undefined, (id: ID | undefined) => void] {
  const [shown, setShown] = useState<ID | undefined>(() => sessionStorage.getItem(lastCall) ?? undefined)
  const before = useRef<ID | undefined>(undefined)
  useEffect(() => {
    if (current && current !== before.current) {
      setShown(current)
      void telephone.headset.tone().catch(() => {})
    }
    before.current = current
  }, [current])
  useEffect(() => {
    if (shown) sessionStorage.setItem(lastCall, shown)
    else sessionStorage.removeItem(lastCall)
  }, [shown])
  return [current ?? shown, setShown]
}

/** Asks before the tab with the voice is closed. A reload is survived, but who knows which it is? */
function useLeaveWarning() {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (telephone.call.value !== 'idle') event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [])
}
