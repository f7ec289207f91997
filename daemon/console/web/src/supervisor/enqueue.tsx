import { useEffect, useRef, useState } from 'preact/hooks'
import { api, calendar } from '../app/services'
import type { Failure } from '../api/failure'
import type { State } from '../api/types'
import { faultOf } from '../i18n/faults'
import { terms } from '../i18n/terms'
import { momentOf } from '../time/format'
import { Button } from '../ui/button'
import { Notice } from '../ui/notice'
import { Refusal, wordsOf } from '../ui/refusal'
import { toast } from '../ui/toast'
import { useAction } from '../ui/use-action'
import { useAgents } from '../ui/use-agents'
import { navigate } from '../app/router'
import { emptyDraft, fieldOrder, submissionOf, type Draft } from './draft'
import { EnqueueFields } from './enqueue-fields'
import { supervisorTexts } from './texts'
import { useRehearsal, type Judgement } from './use-rehearsal'

/** A key that makes a repeated request one request. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** So long nothing is typed until a field speaks in which somebody still is, in milliseconds. */
const rest = 1_000

/** The form with which a follow-up is enqueued; what is typed is judged while it is typed. */
export function Enqueue() {
  const t = supervisorTexts.value.enqueue
  const [draft, setDraft] = useState<Draft>(emptyDraft)
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set())
  const [tried, setTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const key = useRef(newKey())
  const typing = useRef('')
  const agents = useAgents()
  const { busy, failure, run, clear } = useAction()
  const started = draft !== emptyDraft
  const sent = submissionOf(draft, calendar.value?.zone ?? 'Asia/Jakarta')
  const judged = useRehearsal(started ? sent : undefined)

  // A field speaks once somebody has left it, rests in it, or wanted to send.
  const touch = (field: string) => setTouched((before) => new Set([...before, field]))
  const fault = (field: string) => (tried || touched.has(field) ? (faultOf(judged.failure, field) ?? faultOf(failure, field)) : undefined)
  useEffect(() => {
    const timer = setTimeout(() => typing.current && touch(typing.current), rest)
    return () => clearTimeout(timer)
  }, [draft])

  function change(part: Partial<Draft>) {
    key.current = newKey() // another body is another request
    clear()
    setDraft((before) => ({ ...before, ...part })) // more than one field may change at once, when a browser fills in
  }

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    setTried(true)
    const done = await run(async () => {
      const state = await api.post<State>('/v1/follow-ups', sent, { idempotencyKey: key.current })
      toast(t.done(state.follow_up.ticket, momentOf(state.follow_up.deadline)))
    })
    if (!done) return focusFirstFault(form.current)
    key.current = newKey()
    setDraft(emptyDraft)
    setTouched(new Set())
    typing.current = ''
    setTried(false)
    form.current?.querySelector<HTMLInputElement>('[name=ticket]')?.focus()
  }

  return (
    <form
      ref={form}
      class="panel form"
      noValidate
      aria-label={t.heading}
      onSubmit={(event) => void submit(event)}
      onInput={(event) => {
        typing.current = (event.target as HTMLInputElement).name // no state: drawing now would undo a choice before its change is told
      }}
      onFocusOut={(event) => {
        const { name } = event.target as HTMLInputElement
        if (name) touch(name)
      }}
    >
      <h2>{t.heading}</h2>
      <EnqueueFields draft={draft} agents={agents.data.value ?? []} faultOf={fault} onChange={change} />
      <Duplicate failure={failure ?? judged.failure} draft={draft} onChange={change} />
      {failure?.code !== 'ticket_open' && <Refusal failure={failure} />}
      {tried && failure && failure.fields.length > 0 && <Notice tone="bad">{t.faults(failure.fields.length)}</Notice>}
      <div class="row">
        <Button kind="primary" type="submit" busy={busy}>{t.send}</Button>
        <Outlook judged={judged} />
      </div>
    </form>
  )
}

/** What would become of it. */
function Outlook({ judged }: { judged: Judgement }) {
  const t = supervisorTexts.value.enqueue
  const { rehearsal, failure } = judged
  let words = ''
  if (rehearsal) words = `${terms.value.deadline}: ${momentOf(rehearsal.deadline)}. ${rehearsal.awaits_agent ? t.awaits : t.atOnce}`
  else if (failure && failure.fields.length > 0) words = t.incomplete(failure.fields.length)
  return <span class="soft" role="status">{words}</span>
}

/** The ticket has an open follow-up: to it, or a second one on purpose. */
function Duplicate({ failure, draft, onChange }: { failure: Failure | undefined; draft: Draft; onChange: (part: Partial<Draft>) => void }) {
  const t = supervisorTexts.value.enqueue
  if (failure?.code !== 'ticket_open' && !draft.allowDuplicate) return null
  const existing = failure?.existing
  return (
    <Notice tone="warn" {...(existing ? { action: { label: t.showExisting, act: () => navigate(`/supervisor/${existing}`) } } : {})}>
      {failure?.code === 'ticket_open' && <p>{wordsOf(failure)}</p>}
      <label class="check">
        <input type="checkbox" checked={draft.allowDuplicate} onChange={(event) => onChange({ allowDuplicate: event.currentTarget.checked })} />
        {t.allowDuplicate}
      </label>
    </Notice>
  )
}

/** Leads to the first field that is wrong. */
function focusFirstFault(form: HTMLFormElement | null): void {
  setTimeout(() => {
    for (const name of fieldOrder) {
      const control = form?.querySelector<HTMLElement>(`[name=${name}][aria-invalid=true]`)
      if (control) return control.focus()
    }
  })
}
