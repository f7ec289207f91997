import type { Status, System } from '../api/types'
import { common } from '../i18n/common'
import { terms } from '../i18n/terms'
import { Badge } from '../ui/badge'
import { Button } from '../ui/button'
import { Loading } from '../ui/loading'
import { Notice } from '../ui/notice'
import { Table } from '../ui/table'
import { useSystem } from './data'
import { sizeOf, spoolPercent } from './sizes'
import { adminTexts } from './texts'

/** The installation as the daemon that answers sees it. */
export function SystemState() {
  const t = adminTexts.value.system
  const system = useSystem()
  const shown = system.data.value
  if (!shown) return system.failure.value ? <Notice tone="warn">{common.value.unreachable}</Notice> : <Loading />
  return (
    <>
      {system.failure.value && <Notice tone="warn">{common.value.unreachable}</Notice>}
      <section class="panel" aria-label={t.heading}>
        <div class="panel-head">
          <h2>{t.heading}</h2>
          <span class="row soft">{t.answered(shown.node, shown.version)}<Button onClick={() => system.reload()} busy={system.loading.value}>{t.readAgain}</Button></span>
        </div>
        <ul class="parts">
          <Part name={t.dialling} part={shown.dialling} good={t.diallingOn} />
          <Part name="Redis" part={shown.redis} good={shown.redis.version ?? t.works} />
          <Part name={t.archive} part={shown.archive} good={t.works} />
        </ul>
      </section>
      <Switches switches={shown.switches} />
      <div class="admin-halves">
        <Counts counts={shown.counts} />
        <Evidence system={shown} />
      </div>
    </>
  )
}

function Part({ name, part, good }: { name: string; part: System['redis']; good: string }) {
  return (
    <li>
      <strong>{name}</strong>
      <Badge tone={part.ok ? 'good' : 'bad'}>{part.ok ? good : adminTexts.value.system.fails}</Badge>
      {!part.ok && part.why && <span>{part.why}</span>}
    </li>
  )
}

function Switches({ switches }: { switches: System['switches'] }) {
  const t = adminTexts.value.system
  return (
    <section class="panel" aria-label={t.switches}>
      <h2>{t.switches}</h2>
      <Table
        caption={t.switches}
        columns={[
          { name: t.name, cell: ({ name }) => <strong>{name}</strong> },
          { name: t.state, cell: ({ reachable, why }) => <span class="row"><Badge tone={reachable ? 'good' : 'bad'}>{reachable ? t.reachable : t.unreachable}</Badge>{why}</span> },
          { name: t.owner, cell: ({ owned, owner }) => (owned ? t.owned : (owner ?? t.nobody)) },
        ]}
        rows={switches}
        keyOf={({ name }) => name}
        empty="–"
      />
    </section>
  )
}

function Counts({ counts }: { counts: System['counts'] }) {
  const t = adminTexts.value.system
  const statuses = Object.keys(terms.value.status) as Status[]
  return (
    <section class="panel" aria-label={t.counts}>
      <h2>{t.counts}</h2>
      <Table
        caption={t.counts}
        columns={[
          { name: t.state, cell: (status) => terms.value.status[status] },
          { name: t.number, align: 'end', cell: (status) => counts[status] ?? 0 },
        ]}
        rows={statuses}
        keyOf={(status) => status}
        empty=""
      />
    </section>
  )
}

function Evidence({ system }: { system: System }) {
  const t = adminTexts.value.system
  const percent = spoolPercent(system.spool)
  return (
    <section class="panel" aria-label={t.evidence}>
      <h2>{t.evidence}</h2>
      <dl class="admin-numbers">
        <div><dt>{t.awaiting}</dt><dd>{system.awaiting_bucket}</dd></div>
        <div><dt>{t.pending}</dt><dd>{system.evidence_pending}</dd></div>
        <div>
          <dt>{t.spool}</dt>
          <dd>
            {t.spoolOf(sizeOf(system.spool.bytes), sizeOf(system.spool.limit), system.spool.files)}{' '}
            <Badge tone={percent >= 80 ? 'bad' : percent >= 50 ? 'warn' : 'good'}>{`${percent}%`}</Badge>
          </dd>
        </div>
      </dl>
      <p class="soft">{t.evidenceLead}</p>
    </section>
  )
}
