import { useState } from 'preact/hooks'
import { api } from '../../app/services'
import type { ID } from '../../api/types'
import { shortcuts } from '../../agent/shortcuts'
import { Button } from '../../ui/button'
import { Notice } from '../../ui/notice'
import { Refusal } from '../../ui/refusal'
import { useAction } from '../../ui/use-action'
import { useKeys } from '../../ui/use-keys'
import { qaTexts } from '../texts'
import type { Proof } from '../types'

/** Every object is read again: that takes its time, in milliseconds. */
const patience = 5 * 60_000

/** Compares the dossier with what was sealed, and says in words what was found. */
export function VerifyPanel({ id }: { id: ID }) {
  const t = qaTexts.value.verify
  const [proof, setProof] = useState<Proof>()
  const action = useAction()
  const verify = () => {
    setProof(undefined)
    void action.run(async () => setProof(await api.post<Proof>(`/v1/follow-ups/${id}/verify`, {}, { patience })))
  }
  useKeys({ v: verify }, shortcuts.value && !action.busy)
  return (
    <section class="panel verify" aria-label={t.button}>
      <div class="row"><Button shortcut="V" busy={action.busy} onClick={verify}>{t.button}</Button></div>
      {proof?.sound && <Notice tone="good">{t.sound(proof.objects, proof.links)}</Notice>}
      {proof && !proof.sound && (
        <Notice tone="bad">
          <p>{t.broken}</p>
          {proof.broken && <p class="broken">{proof.broken.object}: {proof.broken.why}</p>}
        </Notice>
      )}
      <Refusal failure={action.failure} />
    </section>
  )
}
