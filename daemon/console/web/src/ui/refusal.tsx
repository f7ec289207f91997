import type { Failure } from '../api/failure'
import { common } from '../i18n/common'
import { refusals } from '../i18n/refusals'
import { Notice } from './notice'

/** Why the daemon refused, in the words of the page where there are any. */
export function wordsOf(failure: Failure): string {
  if (failure.code === 'network' || failure.status >= 500) return common.value.unreachable
  return refusals.value[failure.code] ?? failure.message
}

/** A refusal that is not about a field: those stand beside their fields. */
export function Refusal({ failure, fields = false }: { failure: Failure | undefined; fields?: boolean }) {
  if (!failure || (failure.fields.length > 0 && !fields)) return null
  return <Notice tone="bad">{wordsOf(failure)}</Notice>
}
