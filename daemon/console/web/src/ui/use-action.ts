import { useState } from 'preact/hooks'
import { asFailure, type Failure } from '../api/failure'

/** Something that is asked of the daemon: whether it is under way, and why it was refused the last time. */
export interface Action {
  busy: boolean
  failure: Failure | undefined
  /** Does it; false when it was refused. */
  run: (act: () => Promise<unknown>) => Promise<boolean>
  clear: () => void
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false)
  const [failure, setFailure] = useState<Failure>()
  async function run(act: () => Promise<unknown>) {
    setBusy(true)
    setFailure(undefined)
    try {
      await act()
      return true
    } catch (thrown) {
      setFailure(asFailure(thrown))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, failure, run, clear: () => setFailure(undefined) }
}
