import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { common } from '../i18n/common'
import { Button } from './button'
import './dialog.css'

interface Props {
  title: string
  onClose: () => void
  children: ComponentChildren
  /** The buttons that decide; without them there is one to close. */
  actions?: ComponentChildren
}

/** A modal dialogue. The browser keeps the focus in it, closes it on Escape, and gives the focus back. */
export function Dialog({ title, onClose, children, actions }: Props) {
  const id = useId()
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = element.current!
    if (!dialog.open) dialog.showModal()
    return () => dialog.close()
  }, [])
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClose={() => element.current && onClose()} // a browser may close it without asking first
    >
      <h2 id={id}>{title}</h2>
      <div class="dialog-body">{children}</div>
      <div class="dialog-actions">{actions ?? <Button onClick={onClose}>{common.value.close}</Button>}</div>
    </dialog>
  )
}
