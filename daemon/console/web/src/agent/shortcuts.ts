import { signal } from '@preact/signals'

const key = 'sambung.shortcuts'

/** Whether single keys act; who dictates or holds keys down can turn them off (WCAG 2.2, 2.1.4). */
export const shortcuts = signal(localStorage.getItem(key) !== 'off')

export function turnShortcuts(on: boolean): void {
  shortcuts.value = on
  localStorage.setItem(key, on ? 'on' : 'off')
}
