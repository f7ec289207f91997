import type { Activity } from '../../api/types'
import { terms } from '../../i18n/terms'
import { dateOf, timeWithSeconds } from '../../time/format'
import { Table } from '../../ui/table'
import { supervisorTexts } from '../texts'
import { actorIn, remarksOf } from './remarks'

/** The activity history (SOP F.2), as the ledger wrote it. */
export function History({ activities }: { activities: readonly Activity[] }) {
  const t = supervisorTexts.value.history
  return (
    <section class="panel" aria-label={t.heading}>
      <h3>{t.heading}</h3>
      <Table
        caption={t.heading}
        columns={[
          { name: t.number, align: 'end', cell: ({ seq }) => seq },
          { name: t.time, cell: ({ at }) => <time dateTime={at}>{`${dateOf(at)} ${timeWithSeconds(at)}`}</time> },
          { name: t.actor, cell: ({ actor }) => actorIn(actor) },
          { name: t.activity, cell: ({ kind }) => terms.value.kind[kind] ?? kind },
          { name: t.remarks, cell: (activity) => remarksOf(activity).join(', ') },
        ]}
        rows={activities}
        keyOf={({ seq }) => String(seq)}
        empty={t.none}
      />
    </section>
  )
}
