import { useEffect } from 'preact/hooks'
import { api, clock } from '../app/services'
import type { Board, Change } from '../api/types'
import { useResource } from '../ui/use-resource'

/**
 * The daemon answers with a board that may be a second old. Read so long after a change, in
 * milliseconds, it has the change.
 */
const gather = 1_100

const any = (change: Change) => change.follow_up !== undefined || change.agent !== undefined

/** The wall, read again about once a second while things happen, and every minute: what will be late changes with the time alone. */
export function useBoard() {
  const board = useResource((signal) => api.get<Board>('/v1/board', signal), [], { on: any, gather })
  useEffect(() => {
    // The first answer can be older than what this page did just before, and no event tells of that any more.
    const timer = setTimeout(() => board.reload(), gather)
    return () => clearTimeout(timer)
  }, [board])
  const minute = clock.minute.value
  useEffect(() => board.reload(), [board, minute])
  return board
}
