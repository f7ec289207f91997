import { useState } from 'preact/hooks'
import { api } from '../app/services'
import type { Account, Role } from '../api/types'
import { common } from '../i18n/common'
import { faultOf } from '../i18n/faults'
import { terms } from '../i18n/terms'
import { Field } from '../ui/field'
import { FormDialog } from '../ui/form-dialog'
import { toast } from '../ui/toast'
import { useAction } from '../ui/use-action'
import { useAgents } from '../ui/use-agents'
import { useSystem } from './data'
import type { RecordDialogProps } from './record-list'
import { adminTexts } from './texts'
import { draftOf, recordOf, type UserDraft } from './user-record'

/** Adds a user, or changes one: the role, the agent or telephone, the password, whether it is shut out. */
export function UserDialog({ record: user, onDone, onClose }: RecordDialogProps<Account>) {
  const t = adminTexts.value.users
  const [draft, setDraft] = useState(() => draftOf(user))
  const action = useAction()
  const change = (part: Partial<UserDraft>) => setDraft((before) => ({ ...before, ...part }))
  const fault = (field: string) => faultOf(action.failure, field)

  async function submit() {
    const saved = await action.run(() => api.put(`/v1/users/${encodeURIComponent(draft.name)}`, recordOf(draft)))
    if (!saved) return
    toast(t.saved(draft.name))
    onDone()
  }

  return (
    <FormDialog title={user ? t.changeTitle(user.name) : t.add} ready={draft.name !== ''} action={action} onSave={submit} onClose={onClose}>
      {!user && (
        <Field label={common.value.name} hint={t.nameHint} fault={fault('name')}>
          {(control) => (
            <input {...control} name="name" autocomplete="off" autocapitalize="none" spellcheck={false} value={draft.name} onInput={(event) => change({ name: event.currentTarget.value })} />
          )}
        </Field>
      )}
      <Field label={t.role} fault={fault('role')}>
        {(control) => (
          <select {...control} name="role" value={draft.role} onChange={(event) => change({ role: event.currentTarget.value as Role })}>
            {(Object.keys(terms.value.role) as Role[]).map((role) => <option key={role} value={role}>{terms.value.role[role]}</option>)}
          </select>
        )}
      </Field>
      {draft.role === 'agent' ? <AgentField draft={draft} fault={fault('agent')} onChange={change} /> : <TelephoneFields draft={draft} fault={fault} onChange={change} />}
      <Field label={common.value.language} fault={fault('language')}>
        {(control) => (
          <select {...control} name="language" value={draft.language} onChange={(event) => change({ language: event.currentTarget.value })}>
            <option value="">{t.ownChoice}</option>
            <option value="id" lang="id">Indonesia</option>
            <option value="en" lang="en">English</option>
          </select>
        )}
      </Field>
      <Field label={user ? t.newPassword : common.value.password} hint={user ? t.passwordStays : t.passwordHint} fault={fault('password')}>
        {(control) => <input {...control} name="password" type="password" autocomplete="new-password" value={draft.password} onInput={(event) => change({ password: event.currentTarget.value })} />}
      </Field>
      <label class="check">
        <input type="checkbox" name="disabled" checked={draft.disabled} onChange={(event) => change({ disabled: event.currentTarget.checked })} />
        {t.disable}
      </label>
    </FormDialog>
  )
}

type Fault = ReturnType<typeof faultOf>

function AgentField({ draft, fault, onChange }: { draft: UserDraft; fault: Fault; onChange: (part: Partial<UserDraft>) => void }) {
  const agents = useAgents()
  return (
    <Field label={terms.value.agent} fault={fault}>
      {(control) => (
        <select {...control} name="agent" value={draft.agent} onChange={(event) => onChange({ agent: event.currentTarget.value })}>
          <option value="">–</option>
          {(agents.data.value ?? []).map(({ id }) => <option key={id} value={id}>{id}</option>)}
        </select>
      )}
    </Field>
  )
}

function TelephoneFields({ draft, fault, onChange }: { draft: UserDraft; fault: (field: string) => Fault; onChange: (part: Partial<UserDraft>) => void }) {
  const t = adminTexts.value.users
  const system = useSystem()
  return (
    <>
      <Field label={t.endpoint} hint={t.endpointHint} fault={fault('endpoint')}>
        {(control) => <input {...control} name="endpoint" autocomplete="off" spellcheck={false} value={draft.endpoint} onInput={(event) => onChange({ endpoint: event.currentTarget.value })} />}
      </Field>
      <Field label={t.atSwitch} fault={fault('switch')}>
        {(control) => (
          <select {...control} name="switch" value={draft.switch} disabled={draft.endpoint === ''} onChange={(event) => onChange({ switch: event.currentTarget.value })}>
            <option value="">–</option>
            {(system.data.value?.switches ?? []).map(({ name }) => <option key={name} value={name}>{name}</option>)}
          </select>
        )}
      </Field>
    </>
  )
}
