import type { ComponentChildren } from 'preact'
import { common } from '../i18n/common'
import { terms } from '../i18n/terms'
import { Button } from '../ui/button'
import { Notice } from '../ui/notice'
import { Toasts } from '../ui/toast'
import { DisplaySettings } from './display-settings'
import { allowed, navigate, pages, signInPath, type PagePath } from './router'
import { live, sessions } from './services'
import './shell.css'

const names: Record<PagePath, 'agent' | 'supervisor' | 'qa' | 'admin'> = {
  '/agen': 'agent', '/supervisor': 'supervisor', '/qa': 'qa', '/admin': 'admin',
}

/** What surrounds every page: where one is, as whom, and whether what is shown is live. */
export function Shell({ page, children }: { page: PagePath | undefined; children: ComponentChildren }) {
  const t = common.value
  return (
    <div class="shell">
      <a class="skip" href="#content">{t.skip}</a>
      <header class="bar">
        <a class="brand" href="/"><Mark />Sambung</a>
        <Sections page={page} />
        <Connection />
        <DisplaySettings />
        <SignedInAs />
      </header>
      <main id="content" class="content" tabIndex={-1}>
        {live.connection.value === 'lost' && <Notice tone="warn">{t.connectionLost}</Notice>}
        {children}
      </main>
      <footer class="foot"><DisplaySettings /></footer>
      <Toasts />
    </div>
  )
}

/** The mark of the pages: two ends, joined. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
      <path d="M3 16h8M21 16h8" />
      <circle cx="16" cy="16" r="5" />
    </svg>
  )
}

function Sections({ page }: { page: PagePath | undefined }) {
  const { role } = sessions.user.value!
  const mine = (Object.keys(pages) as PagePath[]).filter((path) => allowed(role, path))
  if (mine.length < 2) return <span class="bar-title">{terms.value.role[role]}</span>
  return (
    <nav class="sections" aria-label={common.value.toOwnPage}>
      {mine.map((path) => (
        <a key={path} href={path} aria-current={path === page ? 'page' : undefined}>{terms.value.role[names[path]]}</a>
      ))}
    </nav>
  )
}

function Connection() {
  const state = live.connection.value
  return (
    <span class={`connection connection-${state}`} role="status">
      <span class="dot" aria-hidden="true" />
      <span class="connection-text">{common.value.connection[state]}</span>
    </span>
  )
}

function SignedInAs() {
  return (
    <span class="signed-in">
      <span class="signed-in-name">{sessions.user.value!.name}</span>
      <Button kind="quiet" onClick={() => void signOut()}>{common.value.signOut}</Button>
    </span>
  )
}

/** Whoever signs in next begins on a page of his or her own. */
async function signOut() {
  try {
    await sessions.signOut()
  } catch {
    // The daemon was not reached; here at least the session is over.
  }
  navigate(signInPath, 'replace')
}
