import type { ComponentChildren } from 'preact'
import './table.css'

export interface Column<T> {
  name: string
  /** Shown in place of the name where it is obvious; the name stays for assistive technology. */
  hideName?: boolean
  align?: 'end'
  cell: (row: T) => ComponentChildren
}

interface Props<T> {
  /** What the table lists, for assistive technology. */
  caption: string
  columns: Column<T>[]
  rows: readonly T[]
  keyOf: (row: T) => string
  /** Stands in place of the rows when there are none. */
  empty: string
  /** Marks the row that is opened elsewhere on the page. */
  selected?: (row: T) => boolean
}

/** A table of data. On a phone each row becomes a small card. */
export function Table<T>({ caption, columns, rows, keyOf, empty, selected }: Props<T>) {
  if (rows.length === 0) return <p class="table-empty">{empty}</p>
  return (
    <table class="table">
      <caption class="hidden">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.name} scope="col" class={column.align === 'end' ? 'end' : undefined}>
              {column.hideName ? <span class="hidden">{column.name}</span> : column.name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)} class={selected?.(row) ? 'selected' : undefined}>
            {columns.map((column) => (
              <td key={column.name} data-name={column.hideName ? undefined : column.name} class={column.align === 'end' ? 'end' : undefined}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
