import { useState } from 'preact/hooks'
import type { Failure } from '../../api/failure'
import type { Outcome, Route } from '../../api/types'
import { faultOf } from '../../i18n/faults'
import { terms } from '../../i18n/terms'
import { AgentNames } from '../../ui/agent-names'
import { Button } from '../../ui/button'
import { Field } from '../../ui/field'
import { qaTexts } from '../texts'
import { faultsOf, worklist, type Search } from './search'

interface Props {
  search: Search
  failure: Failure | undefined
  onSearch: (search: Search) => void
}

/** Everything that a dossier can be found by. It is asked for in the body of a request, never in an address. */
export function SearchForm({ search, failure, onSearch }: Props) {
  const t = qaTexts.value.search
  const [draft, setDraft] = useState(search)
  const set = (part: Partial<Search>) => setDraft({ ...draft, ...part })
  const text = (key: 'ticket' | 'agent' | 'fromDay' | 'toDay' | 'minMinutes' | 'maxMinutes' | 'phone') => ({
    name: key,
    value: draft[key],
    autoComplete: 'off',
    onInput: (event: Event) => set({ [key]: (event.currentTarget as HTMLInputElement).value }),
  })
  const wrong = faultsOf(draft)
  return (
    <form
      class="panel search"
      role="search"
      aria-label={t.heading}
      onSubmit={(event) => {
        event.preventDefault()
        if (!wrong.day && !wrong.length) onSearch(draft)
      }}
    >
      <Field label={terms.value.ticket} fault={faultOf(failure, 'ticket')}>{(control) => <input {...control} {...text('ticket')} />}</Field>
      <Field label={t.phone} fault={faultOf(failure, 'phone')}>{(control) => <input {...control} {...text('phone')} inputMode="tel" />}</Field>
      <Field label={t.agent} fault={faultOf(failure, 'agent')}>{(control) => <input {...control} {...text('agent')} list="agent-names" />}</Field>
      <AgentNames id="agent-names" />
      <Choice label={t.outcome} name="outcome" value={draft.outcome} words={terms.value.outcome} onChoose={(outcome) => set({ outcome: outcome as Outcome | '' })} />
      <Choice label={t.route} name="route" value={draft.route} words={terms.value.route} onChoose={(route) => set({ route: route as Route | '' })} />
      <Choice label={t.review} name="review" value={draft.review} words={qaTexts.value.reviews} onChoose={(review) => set({ review: review as Search['review'] })} />
      <div class="pair">
        <Field label={t.from}>{(control) => <input {...control} {...text('fromDay')} type="date" />}</Field>
        <Field label={t.to} fault={wrong.day ? { field: 'to', ...t.dayOrder } : faultOf(failure, 'to')}>{(control) => <input {...control} {...text('toDay')} type="date" />}</Field>
      </div>
      <div class="pair">
        <Field label={t.minMinutes} fault={faultOf(failure, 'min_seconds')}>{(control) => <input {...control} {...text('minMinutes')} inputMode="decimal" />}</Field>
        <Field label={t.maxMinutes} fault={wrong.length ? { field: 'max_seconds', ...t.lengthOrder } : faultOf(failure, 'max_seconds')}>
          {(control) => <input {...control} {...text('maxMinutes')} inputMode="decimal" />}
        </Field>
      </div>
      <div class="row">
        <Button kind="primary" type="submit">{t.submit}</Button>
        <Button
          kind="quiet"
          onClick={() => {
            setDraft(worklist)
            onSearch(worklist)
          }}
        >
          {t.reset}
        </Button>
      </div>
    </form>
  )
}

function Choice({ label, name, value, words, onChoose }: {
  label: string
  name: string
  value: string
  words: Record<string, string>
  onChoose: (value: string) => void
}) {
  return (
    <Field label={label}>
      {(control) => (
        <select {...control} name={name} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
          <option value="">{qaTexts.value.search.any}</option>
          {Object.entries(words).map(([key, word]) => <option key={key} value={key}>{word}</option>)}
        </select>
      )}
    </Field>
  )
}
