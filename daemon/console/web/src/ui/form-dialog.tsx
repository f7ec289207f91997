import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import { common } from '../i18n/common'
import { Button } from './button'
import { Dialog } from './dialog'
import { Refusal } from './refusal'
import type { Action } from './use-action'

interface Props {
  title: string
  /** Stands before the fields. */
  lead?: string
  /** What saving is called; by default just that. */
  save?: string
  /** Whether what was filled in can be sent. */
  ready: boolean
  action: Action
  onSave: () => Promise<void>
  onClose: () => void
  /** The fields. */
  children: ComponentChildren
}

/** A dialogue that is a form: it is saved, also by Enter, or left as it was. */
export function FormDialog({ title, lead, save, ready, action, onSave, onClose, children }: Props) {
  const form = useId()
  return (
    <Dialog
      title={title}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{common.value.cancel}</Button>
          <Button kind="primary" type="submit" form={form} busy={action.busy} disabled={!ready}>{save ?? common.value.save}</Button>
        </>
      }
    >
      <form
        id={form}
        class="dialog-body"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void onSave()
        }}
      >
        {lead && <p class="soft">{lead}</p>}
        {children}
        <Refusal failure={action.failure} />
      </form>
    </Dialog>
  )
}
