import { Badge, type Tone } from '../ui/badge'
import { qaTexts } from './texts'
import type { SealedDossier } from './types'

const tones: Record<SealedDossier['review'], Tone> = { none: 'neutral', accepted: 'good', returned: 'warn' }

export function ReviewBadge({ review }: { review: SealedDossier['review'] }) {
  return <Badge tone={tones[review]}>{qaTexts.value.reviews[review]}</Badge>
}
