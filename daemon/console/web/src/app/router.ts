import { signal } from '@preact/signals'
import type { Role } from '../api/types'

export const signInPath = '/masuk'

/** The pages, and whom they are for. A page may have further segments of its own. */
export const pages = {
  '/agen': ['agent'],
  '/supervisor': ['supervisor', 'admin'],
  '/qa': ['qa', 'admin'],
  '/admin': ['admin'],
} as const satisfies Record<string, readonly Role[]>

export type PagePath = keyof typeof pages

/** The path shown, without query. */
export const path = signal(location.pathname)

window.addEventListener('popstate', () => {
  path.value = location.pathname
})

/** Shows another path. Paths carry identifiers at most, never personal data. */
export function navigate(to: string, how: 'push' | 'replace' = 'push'): void {
  if (to === path.value) return
  history[how === 'push' ? 'pushState' : 'replaceState'](null, '', to)
  path.value = to
  if (how === 'push') window.scrollTo(0, 0)
}

/** Which page a path belongs to. */
export function pageOf(shown: string): PagePath | undefined {
  const first = `/${shown.split('/')[1] ?? ''}`
  return first in pages ? (first as PagePath) : undefined
}

/** What follows the page in a path: /qa/ID gives [ID]. */
export function segmentsOf(shown: string): string[] {
  return shown.split('/').slice(2).filter((segment) => segment !== '')
}

/** Whether a role may see a page. */
export function allowed(role: Role, page: PagePath): boolean {
  return (pages[page] as readonly Role[]).includes(role)
}

/** The page on which a role works. */
export function homeOf(role: Role): PagePath {
  const home: Record<Role, PagePath> = { agent: '/agen', supervisor: '/supervisor', qa: '/qa', admin: '/admin' }
  return home[role]
}

/** Lets a click on an own link change the path without loading the page anew. A link to a place within the page is the browser's. */
export function followLink(event: MouseEvent): void {
  const link = (event.target as Element).closest?.('a[href]') as HTMLAnchorElement | null
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
  if (!link || !plain || link.target || link.hasAttribute('download') || link.origin !== location.origin) return
  if (link.hash || (!pageOf(link.pathname) && link.pathname !== signInPath && link.pathname !== '/')) return
  event.preventDefault()
  navigate(link.pathname)
}
