import { useEffect, useState } from 'preact/hooks'
import { sessions } from '../app/services'
import { Button } from '../ui/button'
import { useAction } from '../ui/use-action'
import { demonstration, enter } from './demonstration'
import { roles } from './doors'
import { Earpiece } from './earpiece'
import { demoTexts } from './texts'
import './demo.css'

/** Above each page of the demonstration: what to do, what is heard, and the other doors. */
export function Guide() {
  const t = demoTexts.value
  const { role } = sessions.user.value!
  const { busy, run } = useAction()
  return (
    <aside class="guide" aria-label={t.heading}>
      <div class="guide-doors">
        <strong>{t.heading}</strong>
        {role === 'agent' && <Sound key="agent" path="/listen" />}
        {role === 'supervisor' && <Sound key="supervisor" path="/listen/supervisor" />}
        {roles.filter((other) => other !== role).map((other) => (
          <Button key={other} data-door={other} busy={busy} onClick={() => void run(() => enter(other))}>{t.be[other]}</Button>
        ))}
      </div>
      <ol>{t.steps[role].map((step) => <li key={step}>{step}</li>)}</ol>
    </aside>
  )
}

/** What the telephone of whoever one is sounds like. */
function Sound({ path }: { path: string }) {
  const t = demoTexts.value
  const [earpiece, setEarpiece] = useState<Earpiece>()
  useEffect(() => {
    const made = new Earpiece(`${demonstration}${path}`)
    setEarpiece(made)
    return () => made.end()
  }, [path])
  if (!earpiece) return null
  if (earpiece.blocked.value) return <Button kind="primary" onClick={() => earpiece.allow()}>{t.allow}</Button>
  return (
    <label class="guide-sound">
      {t.sound}
      <meter max={1} value={earpiece.level.value} data-loudest={earpiece.loudest.value.toFixed(3)} />
    </label>
  )
}
