import { useEffect, useRef } from 'preact/hooks'

export type Keys = Record<string, () => void>

/** Whether a key belongs to the control that has the focus: text, or its own keys. */
function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
}

/** Whether a key is how the control that has the focus is used: a link knows no space bar. */
function operating({ key, target }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false
  return (key === 'Enter' && target.matches('a[href], button, summary')) || (key === ' ' && target.matches('button, summary'))
}

/**
 * Single keys for the page, by KeyboardEvent.key in lower case. They rest while
 * somebody types, holds a modifier, or has a dialogue open.
 */
export function useKeys(keys: Keys, enabled = true): void {
  const present = useRef(keys)
  present.current = keys
  useEffect(() => {
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
