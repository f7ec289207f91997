import { effect, signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'
export const themes: readonly Theme[] = ['system', 'light', 'dark']

const key = 'sambung.theme'
const stored = localStorage.getItem(key)

/** What somebody chose on this machine; the device's own preference otherwise. */
export const theme = signal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system')

effect(() => {
  const chosen = theme.value
  if (chosen === 'system') {
    delete document.documentElement.dataset.theme
    localStorage.removeItem(key)
  } else {
    document.documentElement.dataset.theme = chosen
    localStorage.setItem(key, chosen)
  }
})
