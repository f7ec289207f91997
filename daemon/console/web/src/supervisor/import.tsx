import { useRef, useState } from 'preact/hooks'
import { api } from '../app/services'
import type { ImportReport } from '../api/types'
import { Button } from '../ui/button'
import { Field } from '../ui/field'
import { Notice } from '../ui/notice'
import { Refusal } from '../ui/refusal'
import { toast } from '../ui/toast'
import { useAction } from '../ui/use-action'
import { ImportFaults } from './import-faults'
import { ImportPreview } from './import-preview'
import { endOfLine, mediaTypeOf, offsetOf, type Place } from './places'
import { supervisorTexts } from './texts'

/** Larger files are mended where they were made, in characters. */
const editable = 256 * 1024
/** How long the daemon may take for a whole file, in milliseconds. */
const patience = 10 * 60_000

/** A file that was chosen. It is read once: what is mended here does not change it. */
interface Chosen {
  name: string
  text: string
}

/** Enqueues the rows of a file: first only judged and shown, then done. */
export function Import() {
  const t = supervisorTexts.value.import
  const [file, setFile] = useState<Chosen>()
  const [report, setReport] = useState<ImportReport>()
  const [done, setDone] = useState<ImportReport>()
  const judged = useRef<Chosen>(undefined) // another file may be chosen while one is judged
  const text = useRef<HTMLTextAreaElement>(null)
  const { busy, failure, run, clear } = useAction()

  const send = (chosen: Chosen, query: string) =>
    api.ask<ImportReport>('POST', `/v1/imports?${query}`, { content: { type: mediaTypeOf(chosen.name), data: chosen.text }, patience })

  async function check(chosen: Chosen) {
    setFile(chosen)
    setDone(undefined)
    judged.current = chosen
    await run(async () => {
      const found = await send(chosen, 'dry_run=true')
      if (judged.current === chosen) setReport(found)
    })
  }

  async function commit(skipBad: boolean) {
    const finished = await run(async () => {
      const result = await send(file!, skipBad ? 'skip_bad=true' : '')
      setDone(result)
      toast(t.done(result.enqueued))
    })
    if (!finished) return
    setReport(undefined)
    setFile(undefined)
  }

  async function choose(input: HTMLInputElement) {
    const chosen = input.files?.[0]
    if (!chosen) return
    clear()
    setReport(undefined)
    const name = chosen.name
    const content = await chosen.text()
    input.value = '' // the same file, mended, can be chosen again
    await check({ name, text: content })
  }

  function show(place: Place) {
    const area = text.current
    if (!area) return
    const at = offsetOf(area.value, place)
    area.focus()
    area.setSelectionRange(at, endOfLine(area.value, at))
    const lineHeight = parseFloat(getComputedStyle(area).lineHeight) || 20
    area.scrollTop = Math.max(0, (place.line - 3) * lineHeight)
  }

  return (
    <section class="panel" aria-label={t.heading}>
      <h2>{t.heading}</h2>
      <p class="soft">{t.lead}</p>
      <p class="soft">{t.columns} <code>ticket, route, directorate, taxpayer, npwp, phone, extension, message, received_at, agent, follows</code></p>
      <Field label={t.file}>
        {(control) => <input {...control} type="file" accept=".csv,.jsonl,.ndjson,text/csv" onChange={(event) => void choose(event.currentTarget)} />}
      </Field>
      {done && <Finished report={done} />}
      <Refusal failure={failure} fields />
      {file && report && (
        <>
          <Notice tone={report.bad > 0 ? 'warn' : 'good'}>{report.bad > 0 ? t.bad(report.rows, report.bad) : t.good(report.rows)}</Notice>
          {report.bad > 0 && <ImportFaults report={report} onShow={file.text.length <= editable ? show : undefined} />}
          {file.text.length <= editable && report.bad > 0 && (
            <Field label={t.mend} hint={t.mendHint}>
              {(control) => (
                <textarea
                  {...control}
                  ref={text}
                  class="file-text"
                  spellcheck={false}
                  value={file.text}
                  onInput={(event) => setFile({ ...file, text: event.currentTarget.value })}
                />
              )}
            </Field>
          )}
          <ImportPreview report={report} />
          <div class="row">
            {report.bad > 0 && <Button kind="primary" busy={busy} onClick={() => void check(file)}>{t.checkAgain}</Button>}
            {report.bad === 0 && report.rows > 0 && <Button kind="primary" busy={busy} onClick={() => void commit(false)}>{t.commit(report.rows)}</Button>}
            {report.bad > 0 && report.rows > report.bad && (
              <Button busy={busy} onClick={() => void commit(true)}>{t.commitGood(report.rows - report.bad)}</Button>
            )}
          </div>
        </>
      )}
    </section>
  )
}

function Finished({ report }: { report: ImportReport }) {
  const t = supervisorTexts.value.import
  const refused = report.refused ?? []
  const lines = new Set(refused.map(({ line }) => line))
  return (
    <>
      <Notice tone={lines.size > 0 ? 'warn' : 'good'}>{t.result(report.enqueued, report.already, report.skipped, lines.size)}</Notice>
      {lines.size > 0 && <ImportFaults report={{ ...report, faults: refused }} onShow={undefined} />}
    </>
  )
}
