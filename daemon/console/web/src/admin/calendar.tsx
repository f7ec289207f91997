import { calendar } from '../app/services'
import type { Calendar } from '../api/types'
import { dayOf } from '../time/clock'
import { longDateOf, timeOf } from '../time/format'
import { zonedTime } from '../time/zoned'
import { Badge } from '../ui/badge'
import { Loading } from '../ui/loading'
import { Notice } from '../ui/notice'
import { Table } from '../ui/table'
import { adminTexts } from './texts'

/** When the office works, as deadlines are counted from it. It is changed in the files of the calendar. */
export function CalendarInForce() {
  const t = adminTexts.value.calendar
  const shown = calendar.value
  if (!shown) return <Loading />
  return (
    <>
      <section class="panel" aria-label={t.heading}>
        <div class="panel-head">
          <h2>{t.heading}</h2>
          <span class="row soft">{t.version(shown.version)}, {shown.zone}{shown.provisional && <Badge tone="warn">{t.provisional}</Badge>}</span>
        </div>
        {shown.always_open && <Notice tone="warn">{t.alwaysOpen}</Notice>}
        {shown.provisional && <Notice tone="warn">{t.provisionalLead}</Notice>}
        <p class="soft">{t.lead}</p>
      </section>
      {!shown.always_open && (
        <div class="admin-halves">
          <Days calendar={shown} />
          <Holidays calendar={shown} />
        </div>
      )}
    </>
  )
}

function Days({ calendar: shown }: { calendar: Calendar }) {
  const t = adminTexts.value.calendar
  const days = new Map<string, string[]>()
  for (const { from, to } of shown.intervals) {
    const day = dayOf(Date.parse(from), shown.zone)
    days.set(day, [...(days.get(day) ?? []), `${timeOf(from)}–${timeOf(to)}`])
  }
  return (
    <section class="panel" aria-label={t.days}>
      <h2>{t.days}</h2>
      <Table
        caption={t.days}
        columns={[
          { name: t.day, cell: ([day]) => longDateOf(zonedTime(day, '12:00', shown.zone)) },
          { name: t.hours, cell: ([, hours]) => hours.join(', ') },
        ]}
        rows={[...days]}
        keyOf={([day]) => day}
        empty={t.none}
      />
    </section>
  )
}

function Holidays({ calendar: shown }: { calendar: Calendar }) {
  const t = adminTexts.value.calendar
  return (
    <section class="panel" aria-label={t.holidays}>
      <h2>{t.holidays}</h2>
      <Table
        caption={t.holidays}
        columns={[
          { name: t.day, cell: ({ date }) => longDateOf(zonedTime(date, '12:00', shown.zone)) },
          { name: t.holiday, cell: ({ name }) => name },
        ]}
        rows={shown.holidays}
        keyOf={({ date }) => date}
        empty={t.none}
      />
    </section>
  )
}
