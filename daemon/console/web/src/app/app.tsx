import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import { demonstration } from '../demo/demonstration'
import { Doors } from '../demo/doors'
import { Guide } from '../demo/guide'
import { common } from '../i18n/common'
import { Loading } from '../ui/loading'
import { Notice } from '../ui/notice'
import { lazy } from './lazy'
import { allowed, homeOf, navigate, pageOf, path, signInPath, type PagePath } from './router'
import { sessions } from './services'
import { Shell } from './shell'
import { SignIn } from './sign-in'

const contents: Record<PagePath, ComponentType> = {
  '/agen': lazy(() => import('../agent/page').then((module) => module.AgentPage)),
  '/supervisor': lazy(() => import('../supervisor/page').then((module) => module.SupervisorPage)),
  '/qa': lazy(() => import('../qa/page').then((module) => module.QAPage)),
  '/admin': lazy(() => import('../admin/page').then((module) => module.AdminPage)),
}

/** The whole: the sign-in until somebody is signed in, then the page of the path. */
export function App() {
  const session = sessions.session.value
  useEffect(() => void sessions.find(), [])
  if (session === undefined) {
    return sessions.failure.value ? <Notice tone="warn">{common.value.unreachable}</Notice> : <Loading />
  }
  if (session === null) return demonstration ? <Doors /> : <SignIn />
  return <SignedIn />
}

function SignedIn() {
  const { role } = sessions.user.value!
  const shown = path.value
  const home = shown === '/' || shown === signInPath
  useEffect(() => {
    if (home) navigate(homeOf(role), 'replace')
  }, [home, role])
  if (home) return <Loading />
  const page = pageOf(shown)
  const Content = page && allowed(role, page) ? contents[page] : undefined
  return (
    <Shell page={page}>
      {demonstration && <Guide />}
      {Content ? <Content key={page} /> : <NotHere known={page !== undefined} />}
    </Shell>
  )
}

function NotHere({ known }: { known: boolean }) {
  const { role } = sessions.user.value!
  return (
    <Notice tone="warn" action={{ label: common.value.toOwnPage, act: () => navigate(homeOf(role)) }}>
      {known ? common.value.wrongPage : common.value.noPage}
    </Notice>
  )
}
