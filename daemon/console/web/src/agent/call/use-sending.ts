import { useEffect, useRef, useState } from 'preact/hooks'

/** How long a choice can be undone before it is sent by itself, in seconds. */
const grace = 5

/** Counts down while a choice stands, and then sends it; undefined while nothing is to be sent by itself. */
export function useSending(active: boolean, choice: string | undefined, send: () => Promise<void>): number | undefined {
  const [left, setLeft] = useState(grace)
  const act = useRef(send)
  act.current = send
  useEffect(() => {
    setLeft(grace)
    if (!active) return
    let seconds = grace
    const timer = setInterval(() => {
      seconds--
      setLeft(seconds)
      if (seconds > 0) return
      clearInterval(timer)
      void act.current()
    }, 1_000)
    return () => clearInterval(timer)
  }, [active, choice])
  return active ? left : undefined
}
