import type { ComponentChildren, ComponentProps } from 'preact'
import './button.css'

type Props = Omit<ComponentProps<'button'>, 'class' | 'icon'> & {
  kind?: 'primary' | 'plain' | 'quiet' | 'danger'
  /** What was asked for is under way: it cannot be asked for again. */
  busy?: boolean
  /** The key that does the same; shown, and told to assistive technology. */
  shortcut?: string
  children: ComponentChildren
}

export function Button({ kind = 'plain', busy = false, shortcut, disabled, children, type = 'button', ...rest }: Props) {
  return (
    <button
      {...rest}
      type={type}
      class={`button button-${kind}`}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      aria-keyshortcuts={shortcut}
    >
      <span>{children}</span>
      {shortcut && <kbd aria-hidden="true">{shortcut}</kbd>}
    </button>
  )
}
