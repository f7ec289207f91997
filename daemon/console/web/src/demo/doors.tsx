import type { Role } from '../api/types'
import { Mark } from '../app/shell'
import { DisplaySettings } from '../app/display-settings'
import { Notice } from '../ui/notice'
import { useAction } from '../ui/use-action'
import { enter } from './demonstration'
import { demoTexts } from './texts'
import './demo.css'

export const roles = ['agent', 'supervisor', 'qa'] as const satisfies readonly Role[]

/** Stands in place of the sign-in: whoever comes is one of the three, by a click. */
export function Doors() {
  const t = demoTexts.value
  const { busy, failure, run } = useAction()
  return (
    <main class="sign-in">
      <h1 class="sign-in-brand"><Mark />Sambung</h1>
      <p class="doors-lead">{t.lead}</p>
      {failure && <Notice tone="bad">{t.failed}</Notice>}
      <div class="doors">
        {roles.map((role) => (
          <button key={role} type="button" class="door" data-door={role} disabled={busy} onClick={() => void run(() => enter(role))}>
            <strong>{t.be[role]}</strong>
            <span>{t.door[role]}</span>
          </button>
        ))}
      </div>
      <DisplaySettings />
    </main>
  )
}
