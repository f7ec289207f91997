import { useRef, useState } from 'preact/hooks'
import { api, calendar, clock, workingTime } from '../../app/services'
import { asFailure, type Failure } from '../../api/failure'
import type { Outcome, State } from '../../api/types'
import { faultOf } from '../../i18n/faults'
import { terms } from '../../i18n/terms'
import { lengthOf } from '../../time/format'
import { Button } from '../../ui/button'
import { Field } from '../../ui/field'
import { Notice } from '../../ui/notice'
import { Refusal } from '../../ui/refusal'
import { toast } from '../../ui/toast'
import { useKeys } from '../../ui/use-keys'
import { shortcuts } from '../shortcuts'
import { agentTexts } from '../texts'
import type { CallView } from './call-view'
import { CallbackFields, callbackOf } from './callback'
import { DraftMemory, outcomeKeys, type OutcomeDraft } from './outcome-draft'
import { useSending } from './use-sending'

const memory = new DraftMemory()

interface Props {
  state: State
  view: CallView
  onSent: (state: State) => void
  onReload: () => void
}

/**
 * The outcome: chosen by one key, in the talk already; sent after it, with a moment to undo.
 * What was chosen for one attempt is nothing for the next.
 */
export function OutcomePanel(props: Props) {
  return <AttemptOutcome key={props.state.attempt} {...props} />
}

function AttemptOutcome({ state, view, onSent, onReload }: Props) {
  const t = agentTexts.value.outcome
  const attempt = `${state.follow_up.id}-${state.attempt}`
  const [draft, setDraft] = useState<OutcomeDraft>(() => memory.read(attempt))
  const [failure, setFailure] = useState<Failure>()
  const [busy, setBusy] = useState(false)
  const note = useRef<HTMLTextAreaElement>(null)

  const talking = view.phase === 'talking'
  const due = view.phase === 'wrap_up' || view.phase === 'corrected'
  const confirmed = state.call.outcome && state.call.outcome !== 'unconfirmed' ? state.call.outcome : undefined
  const callback = draft.code === 'callback' ? callbackOf(draft, workingTime.value, clock.minute.value) : undefined
  const sendable = due && !confirmed && draft.code !== undefined && !callback?.fault && !busy

  function change(part: Partial<OutcomeDraft>) {
    const next = { ...draft, ...part }
    setDraft(next)
    memory.keep(attempt, next)
  }

  async function send() {
    if (!sendable) return
    setBusy(true)
    setFailure(undefined)
    try {
      const body: Record<string, unknown> = { code: draft.code!, attempt: state.attempt }
      if (draft.note.trim()) body.note = draft.note.trim()
      if (callback?.at) body.callback_at = callback.at
      onSent(await api.post<State>(`/v1/follow-ups/${state.follow_up.id}/outcome`, body))
      memory.clear()
      toast(t.sent(terms.value.outcome[draft.code!]))
    } catch (thrown) {
      const refused = asFailure(thrown)
      setFailure(refused)
      if (refused.status === 409) onReload() // confirmed meanwhile by the telephone's keys
    }
    setBusy(false)
  }

  // A callback wants its time, and a note its end: these are sent by hand.
  const byItself = sendable && draft.code !== 'callback' && draft.note === '' && view.phase === 'wrap_up' && !failure
  const countdown = useSending(byItself, draft.code, send)

  const choose = (code: Outcome | undefined) => {
    setFailure(undefined)
    change({ code })
  }
  const open = (talking || due) && !confirmed
  const keys: Record<string, () => void> = {
    enter: () => void send(),
    escape: () => choose(undefined),
    n: () => note.current?.focus(),
  }
  for (const [key, code] of Object.entries(outcomeKeys)) keys[key] = () => choose(code)
  useKeys(keys, shortcuts.value && open)

  if (view.phase === 'failed') return <section class="panel"><h3>{t.heading}</h3><p class="soft">{t.notAnswered}</p></section>
  if (confirmed) return <section class="panel"><h3>{t.heading}</h3><Notice tone="good">{t.sent(terms.value.outcome[confirmed])}</Notice></section>
  return (
    <section
      class="panel outcome"
      aria-label={t.heading}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.ctrlKey) void send() // from any field
      }}
    >
      <div class="panel-head">
        <h3>{t.heading}</h3>
        {view.phase === 'wrap_up' && <Left state={state} />}
      </div>
      <div class="outcomes" role="radiogroup" aria-label={t.heading}>
        {Object.entries(outcomeKeys).map(([key, code]) => (
          <label key={key} class={draft.code === code ? 'outcome-choice chosen' : 'outcome-choice'}>
            <input type="radio" name="outcome" checked={draft.code === code} disabled={!open} aria-keyshortcuts={key} onChange={() => choose(code)} />
            <kbd aria-hidden="true">{key}</kbd>
            <span>{terms.value.outcome[code]}</span>
          </label>
        ))}
      </div>
      {draft.code === 'callback' && <CallbackFields draft={draft} fault={faultOf(failure, 'callback_at') ?? callback?.fault} onChange={change} />}
      <Field label={`${t.note} (${t.noteHint})`} fault={faultOf(failure, 'note')}>
        {(control) => (
          <textarea
            {...control}
            ref={note}
            rows={1}
            maxLength={2000}
            disabled={!open}
            value={draft.note}
            onInput={(event) => change({ note: event.currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key === 'Escape') event.currentTarget.blur()
            }}
          />
        )}
      </Field>
      <Refusal failure={failure} />
      <div class="row send" role="status">
        {due && (
          <Button kind="primary" shortcut="Enter" disabled={!sendable} busy={busy} onClick={() => void send()}>
            {countdown === undefined ? t.sendPlain : t.send}
          </Button>
        )}
        {draft.code && <Button kind="quiet" shortcut="Esc" onClick={() => choose(undefined)}>{t.undo}</Button>}
        <span class="soft">{promptOf(draft.code, talking, due, countdown)}</span>
      </div>
    </section>
  )
}

function promptOf(code: Outcome | undefined, talking: boolean, due: boolean, countdown: number | undefined): string {
  const t = agentTexts.value.outcome
  if (countdown !== undefined) return t.sendsIn(countdown)
  if (talking) return code ? t.chosen(terms.value.outcome[code]) : t.chooseWhileTalking
  return due && !code ? t.choose : ''
}

/** How long the outcome is waited for. */
function Left({ state }: { state: State }) {
  const limit = calendar.value?.limits.wrap_up_seconds
  if (!limit || !state.call.ended_at) return null
  const left = Date.parse(state.call.ended_at) + limit * 1000 - clock.now.value
  return <span class="soft number">{agentTexts.value.outcome.left(lengthOf(left))}</span>
}
