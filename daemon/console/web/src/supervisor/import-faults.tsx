import type { ImportReport } from '../api/types'
import { faultIn } from '../i18n/faults'
import { common } from '../i18n/common'
import { Table } from '../ui/table'
import type { Place } from './places'
import { supervisorTexts } from './texts'

/** So many are listed: with more, the file is better mended where it was made. */
const listed = 100

/** What is wrong in a file, where, and what would be right. */
export function ImportFaults({ report, onShow }: { report: ImportReport; onShow: ((place: Place) => void) | undefined }) {
  const t = supervisorTexts.value.import
  const faults = (report.faults ?? []).slice(0, listed)
  const hidden = (report.faults ?? []).length - faults.length + (report.omitted ?? 0)
  return (
    <>
      <Table
        caption={t.faults}
        columns={[
          {
            name: t.place,
            cell: (fault) => {
              const place = t.lineAndColumn(fault.line, fault.column)
              return onShow ? <button type="button" class="link" onClick={() => onShow(fault)}>{place}</button> : place
            },
          },
          { name: t.column, cell: ({ field }) => <code>{field}</code> },
          {
            name: t.fault,
            cell: (fault) => {
              const { problem, remedy } = faultIn({ field: fault.field, problem: fault.reason, remedy: fault.remedy })
              return <span>{problem}{remedy && `. ${common.value.remedy(remedy)}`}</span>
            },
          },
        ]}
        rows={faults}
        keyOf={({ line, column, field, reason }) => `${line} ${column} ${field} ${reason}`}
        empty=""
      />
      {hidden > 0 && <p class="soft">{t.moreFaults(hidden)}</p>}
    </>
  )
}
