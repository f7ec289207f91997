import type { Account, Role } from '../api/types'

/** A user as it is typed. */
export interface UserDraft {
  name: string
  role: Role
  agent: string
  endpoint: string
  switch: string
  language: string
  password: string
  disabled: boolean
}

export function draftOf(user: Account | undefined): UserDraft {
  return {
    name: user?.name ?? '', role: user?.role ?? 'agent', agent: user?.agent ?? '', endpoint: user?.endpoint ?? '', switch: user?.switch ?? '',
    language: user?.language ?? '', password: '', disabled: user?.disabled ?? false,
  }
}

/** The record that is sent: it replaces the one there is, but for a password that is left out. */
export function recordOf(draft: UserDraft): Record<string, unknown> {
  const record: Record<string, unknown> = { role: draft.role, disabled: draft.disabled }
  if (draft.role === 'agent') record.agent = draft.agent
  else if (draft.endpoint) Object.assign(record, { endpoint: draft.endpoint, switch: draft.switch })
  if (draft.language) record.language = draft.language
  if (draft.password) record.password = draft.password
  return record
}
