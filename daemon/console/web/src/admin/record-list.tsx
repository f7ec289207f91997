import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { api } from '../app/services'
import type { Resource } from '../api/resource'
import { common } from '../i18n/common'
import { Button } from '../ui/button'
import { Loading } from '../ui/loading'
import { Notice } from '../ui/notice'
import { Table, type Column } from '../ui/table'
import { RemoveDialog } from './remove-dialog'
import { adminTexts } from './texts'

/** What the dialogue of a record is told; without a record it adds one. */
export interface RecordDialogProps<T> {
  record: T | undefined
  onDone: () => void
  onClose: () => void
}

interface Props<T> {
  texts: { heading: string; add: string; change: string; actions: string; none: string; removeTitle: (name: string) => string; removeLead: string }
  records: Resource<T[]>
  nameOf: (record: T) => string
  columns: Column<T>[]
  /** The collection at the daemon, such as /v1/users. */
  path: string
  /** Whether it cannot be removed now. */
  kept: (record: T) => boolean
  dialog: (props: RecordDialogProps<T>) => ComponentChildren
}

type Asked<T> = { what: 'edit'; record?: T } | { what: 'remove'; record: T }

/** Records by name, which are added, changed and removed in dialogues. */
export function RecordList<T>({ texts: t, records, nameOf, columns, path, kept, dialog }: Props<T>) {
  const [asked, setAsked] = useState<Asked<T>>()
  const shown = records.data.value
  if (!shown) return records.failure.value ? <Notice tone="warn">{common.value.unreachable}</Notice> : <Loading />
  const close = () => setAsked(undefined)
  const done = () => {
    close()
    records.reload()
  }
  const { remove } = adminTexts.value
  const actions: Column<T> = {
    name: t.actions,
    hideName: true,
    cell: (record) => (
      <span class="row">
        <Button aria-label={`${t.change} ${nameOf(record)}`} onClick={() => setAsked({ what: 'edit', record })}>{t.change}</Button>
        <Button kind="danger" aria-label={`${remove} ${nameOf(record)}`} disabled={kept(record)} onClick={() => setAsked({ what: 'remove', record })}>{remove}</Button>
      </span>
    ),
  }
  return (
    <section class="panel" aria-label={t.heading}>
      <div class="panel-head">
        <h2>{t.heading}</h2>
        <Button kind="primary" onClick={() => setAsked({ what: 'edit' })}>{t.add}</Button>
      </div>
      <Table
        caption={t.heading}
        columns={[...columns, actions]}
        rows={shown.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b), undefined, { numeric: true }))}
        keyOf={nameOf}
        empty={t.none}
      />
      {asked?.what === 'edit' && dialog({ record: asked.record, onDone: done, onClose: close })}
      {asked?.what === 'remove' && (
        <RemoveDialog
          title={t.removeTitle(nameOf(asked.record))}
          lead={t.removeLead}
          remove={() => api.delete(`${path}/${encodeURIComponent(nameOf(asked.record))}`)}
          onDone={done}
          onClose={close}
        />
      )}
    </section>
  )
}
