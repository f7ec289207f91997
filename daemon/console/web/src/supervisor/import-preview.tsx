import type { ImportReport, Route } from '../api/types'
import { terms } from '../i18n/terms'
import { Badge } from '../ui/badge'
import { Table } from '../ui/table'
import { supervisorTexts } from './texts'

/** The first good rows, as they would be enqueued. Names, numbers and messages stay out of it. */
export function ImportPreview({ report }: { report: ImportReport }) {
  const t = supervisorTexts.value.import
  const rows = report.preview ?? []
  if (rows.length === 0) return null
  return (
    <details open={report.bad === 0}>
      <summary>{t.preview(rows.length, report.rows - report.bad)}</summary>
      <Table
        caption={t.preview(rows.length, report.rows - report.bad)}
        columns={[
          { name: t.line, align: 'end', cell: ({ line }) => line },
          { name: terms.value.ticket, cell: ({ ticket }) => ticket },
          { name: supervisorTexts.value.fields.route, cell: ({ route }) => terms.value.route[route as Route] ?? route },
          { name: terms.value.agent, cell: ({ agent }) => agent ?? '–' },
          {
            name: t.state,
            hideName: true,
            cell: ({ already, ticket_open }) =>
              already ? <Badge tone="info">{t.already}</Badge> : ticket_open && <Badge tone="warn">{t.ticketOpen}</Badge>,
          },
        ]}
        rows={rows}
        keyOf={({ line }) => String(line)}
        empty=""
      />
    </details>
  )
}
