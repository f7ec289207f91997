import type { Resource } from '../../api/resource'
import { longMomentOf } from '../../time/format'
import { Loading } from '../../ui/loading'
import { Notice } from '../../ui/notice'
import { Refusal } from '../../ui/refusal'
import { qaTexts } from '../texts'
import type { CustodyLink } from '../types'
import { nameOf } from './custody'

/** Who did what with the dossier since it was sealed. */
export function CustodyPanel({ custody }: { custody: Resource<CustodyLink[]> }) {
  const t = qaTexts.value.custody
  const chain = custody.data.value
  const failure = custody.failure.value
  return (
    <section class="panel" aria-label={t.heading}>
      <h2>{t.heading}</h2>
      <p class="soft">{t.lead}</p>
      {failure && (failure.code === 'broken' ? <Notice tone="bad">{t.broken}<p class="broken">{failure.message}</p></Notice> : <Refusal failure={failure} />)}
      {!chain && !failure && <Loading />}
      {chain?.at(-1)?.held && <Notice tone="info">{t.held}</Notice>}
      {chain?.length === 0 && <p class="soft">{t.empty}</p>}
      {chain && chain.length > 0 && <ol class="custody" reversed>{[...chain].reverse().map((link) => <Link key={link.seq} link={link} />)}</ol>}
    </section>
  )
}

function Link({ link }: { link: CustodyLink }) {
  const t = qaTexts.value.custody
  const attempt = /\/(\d+)\.\w+$/.exec(link.object ?? '')?.[1]
  return (
    <li>
      <p>
        <strong>{t.acts[link.act]}</strong>
        {attempt && ` (${t.attempt(attempt)})`}
      </p>
      <p class="soft"><time dateTime={link.at}>{longMomentOf(link.at)}</time> · {nameOf(link.actor, '')}</p>
      {link.remarks && <blockquote class="remarks">{link.remarks}</blockquote>}
      <code class="hash" title={link.sha256}>{link.sha256.slice(0, 16)}</code>
    </li>
  )
}
