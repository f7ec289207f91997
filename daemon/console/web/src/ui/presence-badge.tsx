import type { Presence } from '../api/types'
import { terms } from '../i18n/terms'
import { Badge, type Tone } from './badge'

const tones: Record<Presence, Tone> = { ready: 'good', paused: 'warn', offline: 'neutral' }

export function PresenceBadge({ presence }: { presence: Presence }) {
  return <Badge tone={tones[presence]}>{terms.value.presence[presence]}</Badge>
}
