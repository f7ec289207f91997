import { common } from '../i18n/common'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Refusal } from '../ui/refusal'
import { useAction } from '../ui/use-action'
import { adminTexts } from './texts'

interface Props {
  title: string
  lead: string
  remove: () => Promise<void>
  onDone: () => void
  onClose: () => void
}

/** Asks before something is removed. */
export function RemoveDialog({ title, lead, remove, onDone, onClose }: Props) {
  const { busy, failure, run } = useAction()
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button kind="danger" busy={busy} onClick={() => void run(remove).then((done) => done && onDone())}>{adminTexts.value.remove}</Button>
        </>
      }
    >
      <p>{lead}</p>
      <Refusal failure={failure} fields />
    </Dialog>
  )
}
