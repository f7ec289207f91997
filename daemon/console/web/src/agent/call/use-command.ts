import { useEffect, useLayoutEffect, useState } from 'preact/hooks'
import { api } from '../../app/services'
import type { ID } from '../../api/types'
import { toast } from '../../ui/toast'
import { agentTexts } from '../texts'

export type Command = 'mute' | 'unmute' | 'hang_up' | 'confirm_identity'

/** How long a command that was passed on may take to show in the history, in milliseconds. */
const patience = 4_000

/** Asks something of the call; what is pending is so until told, what the history tells of it, changes. */
export function useCommand(id: ID, told: string | undefined): [pending: Command | undefined, ask: (command: Command) => void] {
  const [pending, setPending] = useState<Command>()
  useLayoutEffect(() => setPending(undefined), [told])
  useEffect(() => {
    if (!pending) return
    const timer = setTimeout(() => setPending(undefined), patience)
    return () => clearTimeout(timer)
  }, [pending])
  async function ask(command: Command) {
    setPending(command)
    try {
      await api.post(`/v1/follow-ups/${id}/commands`, { command })
    } catch {
      setPending(undefined)
      toast(agentTexts.value.call.commandFailed, 'bad')
    }
  }
  return [pending, (command) => pending || void ask(command)]
}
