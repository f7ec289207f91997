import type { ComponentChildren } from 'preact'
import './badge.css'

export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad'

/** A short word of state. Its colour only repeats what it says. */
export function Badge({ tone = 'neutral', children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`badge badge-${tone}`}>{children}</span>
}
