import { useRef, useState } from 'preact/hooks'
import { asFailure, type Failure } from '../api/failure'
import { common } from '../i18n/common'
import { chosenHere, language } from '../i18n/language'
import { Button } from '../ui/button'
import { Field } from '../ui/field'
import { Notice } from '../ui/notice'
import { DisplaySettings } from './display-settings'
import { sessions } from './services'
import { Mark } from './shell'
import './sign-in.css'

/** Stands in place of any page until somebody is signed in; then that page shows. */
export function SignIn() {
  const t = common.value
  const [failure, setFailure] = useState<Failure>()
  const [busy, setBusy] = useState(false)
  const password = useRef<HTMLInputElement>(null)

  async function submit(event: SubmitEvent) {
    event.preventDefault()
    const form = new FormData(event.currentTarget as HTMLFormElement)
    setBusy(true)
    setFailure(undefined)
    try {
      const { user } = await sessions.signIn(String(form.get('name')).trim(), String(form.get('password')))
      if (user.language && !chosenHere()) language.value = user.language
    } catch (thrown) {
      setFailure(asFailure(thrown))
      setBusy(false)
      password.current?.select()
    }
  }

  return (
    <main class="sign-in">
      <form class="sign-in-card" onSubmit={submit}>
        <h1 class="sign-in-brand"><Mark />Sambung</h1>
        <p class="sign-in-lead">{t.signInLead}</p>
        {sessions.expired.value && !failure && <Notice tone="info">{t.sessionEnded}</Notice>}
        {failure && <Notice tone="bad">{explain(failure)}</Notice>}
        <Field label={t.name}>
          {(props) => <input {...props} name="name" autocomplete="username" autocapitalize="none" spellcheck={false} required autofocus />}
        </Field>
        <Field label={t.password}>
          {(props) => <input {...props} ref={password} name="password" type="password" autocomplete="current-password" required />}
        </Field>
        <Button kind="primary" type="submit" busy={busy}>{t.signIn}</Button>
      </form>
      <DisplaySettings />
    </main>
  )
}

function explain(failure: Failure): string {
  const t = common.value
  if (failure.status === 401) return t.signInWrong
  if (failure.status === 429) return t.signInSlow
  return failure.passing ? t.unreachable : failure.message
}
