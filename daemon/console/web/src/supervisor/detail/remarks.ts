import type { Activity } from '../../api/types'
import { terms } from '../../i18n/terms'
import { lengthOf, momentOf } from '../../time/format'
import { reasonIn } from '../reasons'
import { supervisorTexts } from '../texts'

/** Who did it, in words; names stay as they are. */
export function actorIn(actor: string): string {
  const t = supervisorTexts.value.history.actors
  const [kind, ...name] = actor.split(':')
  return kind === 'system' ? t.system : kind === 'switch' ? t.switch(name.join(':')) : name.join(':')
}

/** What an activity tells beyond its kind. */
export function remarksOf({ kind, details }: Activity): string[] {
  const t = supervisorTexts.value.history
  const said: (string | false | undefined)[] = [
    kind !== 'received' && details.agent,
    details.result && terms.value.result[details.result],
    details.sip_code !== undefined && details.sip_code > 0 && `SIP ${details.sip_code}`,
    details.outcome && terms.value.outcome[details.outcome],
    details.via && t.via[details.via],
    (details.mode === 'listen' || details.mode === 'whisper') && t.modes[details.mode],
    details.talk_ms !== undefined && details.talk_ms > 0 && t.talked(lengthOf(details.talk_ms)),
    details.next && t.next[details.next],
    details.retry_at && `→ ${momentOf(details.retry_at)}`,
    details.callback_at && t.callback(momentOf(details.callback_at)),
    details.reason && details.reason !== details.result && details.reason !== details.outcome && reasonIn(details.reason),
    details.note && `“${details.note}”`,
  ]
  return said.filter((part): part is string => typeof part === 'string' && part !== '')
}
