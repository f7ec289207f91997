import { terms } from '../i18n/terms'
import { supervisorTexts } from './texts'

/** Why a follow-up came back or ended: the ledger's code in words, or what somebody wrote. */
export function reasonIn(reason: string): string {
  const { outcome, result } = terms.value
  const known: Record<string, string> = { ...result, ...outcome, ...supervisorTexts.value.reasons }
  return known[reason] ?? reason
}
