import type { ComponentChildren } from 'preact'
import type { Tone } from './badge'
import { Button } from './button'
import './notice.css'

interface Props {
  tone: Tone
  action?: { label: string; act: () => void }
  children: ComponentChildren
}

/** Something that one has to know while it lasts. Bad news are told at once, others when it suits. */
export function Notice({ tone, action, children }: Props) {
  return (
    <div class={`notice notice-${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <div>{children}</div>
      {action && <Button onClick={action.act}>{action.label}</Button>}
    </div>
  )
}
