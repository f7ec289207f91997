import { useLayoutEffect, useRef } from 'preact/hooks'

export type Keys = Record<string, () => void>

/** Whether every key belongs to the control that has the focus. A choice that was just clicked still has it, and takes no text. */
function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input:not([type=radio], [type=checkbox]), textarea, select'))
}

/** Whether a key is how the control that has the focus is used: a link knows no space bar. */
function operating({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (key === 'Enter') return target.matches('a[href], button, summary')
  if (key === ' ') return target.matches('button, summary, input')
  return key.startsWith('Arrow') && target.matches('[type=radio]')
}

/**
 * Single keys for the page, by KeyboardEvent.key in lower case. They rest while
 * somebody types, holds a modifier, or has a dialogue open.
 */
export function useKeys(keys: Keys, enabled = true): void {
  const present = useRef(keys)
  present.current = keys
  useLayoutEffect(() => {
    if (!enabled) return
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return
      if (typing(event.target) || document.querySelector('dialog[open]')) return
      if (operating(event)) return
      const act = present.current[event.key.toLowerCase()]
      if (!act) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [enabled])
}
