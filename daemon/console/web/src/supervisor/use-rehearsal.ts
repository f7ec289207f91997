import { useEffect, useState } from 'preact/hooks'
import { api } from '../app/services'
import { asFailure, type Failure } from '../api/failure'
import type { Rehearsal, Submission } from '../api/types'

/** How long nothing is typed before it is judged, in milliseconds. */
const pause = 400

export interface Judgement {
  /** What it would be if it were enqueued; undefined while it is refused or being judged. */
  rehearsal?: Rehearsal | undefined
  failure?: Failure | undefined
}

/** Lets the daemon judge what is typed, as if it were enqueued; undefined is not judged. */
export function useRehearsal(submission: Submission | undefined): Judgement {
  const [judgement, setJudgement] = useState<Judgement>({})
  const text = submission && JSON.stringify(submission)
  useEffect(() => {
    if (text === undefined) {
      setJudgement({})
      return
    }
    const asking = new AbortController()
    const timer = setTimeout(() => {
      api.post<Rehearsal>('/v1/follow-ups?dry_run=true', JSON.parse(text), { signal: asking.signal }).then(
        (rehearsal) => setJudgement({ rehearsal }),
        (thrown: unknown) => {
          if (!asking.signal.aborted) setJudgement({ failure: asFailure(thrown) })
        },
      )
    }, pause)
    return () => {
      clearTimeout(timer)
      asking.abort()
    }
  }, [text])
  return judgement
}
