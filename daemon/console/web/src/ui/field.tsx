import type { ComponentChildren } from 'preact'
import { useId } from 'preact/hooks'
import type { FieldFault } from '../api/failure'
import { common } from '../i18n/common'
import './field.css'

/** What the control of a field must carry so that its label, hint and fault belong to it. */
export interface ControlProps {
  id: string
  'aria-describedby': string | undefined
  'aria-invalid': boolean | undefined
}

interface Props {
  label: string
  hint?: ComponentChildren
  /** What the daemon, or the page itself, finds wrong. */
  fault?: FieldFault | undefined
  children: (control: ControlProps) => ComponentChildren
}

/** A labelled control with its hint, and its fault with the remedy. */
export function Field({ label, hint, fault, children }: Props) {
  const id = useId()
  const described = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(' ')
  return (
    <div class={fault ? 'field field-wrong' : 'field'}>
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': fault ? true : undefined })}
      {hint && <p class="field-hint" id={`${id}-hint`}>{hint}</p>}
      {fault && <p class="field-fault" id={`${id}-fault`}>{fault.problem}{fault.remedy && `. ${common.value.remedy(fault.remedy)}`}</p>}
    </div>
  )
}
