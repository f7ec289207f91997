import { useEffect, useState } from 'preact/hooks'
import { terms } from '../../i18n/terms'
import { lengthOf, momentOf } from '../../time/format'
import { Badge } from '../../ui/badge'
import { Button } from '../../ui/button'
import { Loading } from '../../ui/loading'
import { Refusal } from '../../ui/refusal'
import { Table, type Column } from '../../ui/table'
import { ReviewBadge } from '../review-badge'
import { qaTexts } from '../texts'
import type { SealedDossier } from '../types'
import { useDossiers, type Found } from './data'
import { ExportDialog } from './export-dialog'
import { SearchForm } from './search-form'
import type { Search } from './search'

interface Props {
  search: Search
  onSearch: (search: Search) => void
  /** Tells which dossiers are listed, for whoever goes from one to the next. */
  onFound: (dossiers: SealedDossier[]) => void
}

/** The sealed dossiers: those that nobody has reviewed yet, or those that are searched for. */
export function Worklist({ search, onSearch, onFound }: Props) {
  const t = qaTexts.value
  const { found, more } = useDossiers(search)
  const [exporting, setExporting] = useState(false)
  const list = found.data.value
  const failure = found.failure.value
  useEffect(() => {
    if (list) onFound(list.dossiers)
  }, [list])
  return (
    <div class="worklist">
      <div class="panel-head">
        <h1>{t.title}</h1>
        <Button onClick={() => setExporting(true)}>{t.exporting.open}</Button>
      </div>
      <SearchForm search={search} failure={failure} onSearch={onSearch} />
      <section class="panel" aria-label={t.list.caption}>
        <Refusal failure={failure} />
        {!list && !failure && <Loading />}
        {list && (
          <>
            <Table caption={t.list.caption} columns={columns()} rows={list.dossiers} keyOf={({ id }) => id} empty={emptyOf(search, list)} />
            <div class="row">
              {list.dossiers.length > 0 && <span class="soft" role="status">{t.list.count(list.dossiers.length, list.more)}</span>}
              {list.more && <Button busy={found.loading.value} onClick={more}>{t.list.more}</Button>}
            </div>
          </>
        )}
      </section>
      {exporting && <ExportDialog onClose={() => setExporting(false)} />}
    </div>
  )
}

function emptyOf(search: Search, { more }: Found): string {
  const t = qaTexts.value.list
  if (more) return t.emptySoFar
  const { review, ...rest } = search
  return review === 'none' && Object.values(rest).every((value) => value === '') ? t.emptyUnreviewed : t.empty
}

function columns(): Column<SealedDossier>[] {
  const t = qaTexts.value.list
  return [
    { name: terms.value.ticket, cell: ({ id, ticket }) => <a class="ticket" href={`/qa/${id}`} aria-label={t.open(ticket)}>{ticket}</a> },
    { name: qaTexts.value.search.route, cell: ({ route }) => terms.value.route[route] },
    { name: terms.value.agent, cell: ({ agent }) => agent ?? '–' },
    { name: t.outcome, cell: ({ outcome, status }) => (outcome ? terms.value.outcome[outcome] : terms.value.status[status]) },
    { name: t.talk, align: 'end', cell: ({ seconds }) => (seconds ? lengthOf(seconds * 1000) : '–') },
    { name: t.attempts, align: 'end', cell: ({ attempts }) => attempts },
    { name: t.deadline, cell: ({ met_deadline }) => <Badge tone={met_deadline ? 'good' : 'bad'}>{met_deadline ? t.met : t.missed}</Badge> },
    { name: t.sealed, cell: ({ sealed_at }) => <time dateTime={sealed_at}>{momentOf(sealed_at)}</time> },
    { name: t.review, cell: ({ review }) => <ReviewBadge review={review} /> },
  ]
}
