import { signal } from '@preact/signals'
import type { Tone } from './badge'
import './toast.css'

/** How long a message stays, in milliseconds. */
const stay = 6_000

interface Message {
  id: number
  tone: Tone
  text: string
}

const messages = signal<Message[]>([])
let count = 0

/** Tells in passing what was done. What must not be missed is a Notice. */
export function toast(text: string, tone: Tone = 'good'): void {
  const id = ++count
  messages.value = [...messages.value.slice(-2), { id, tone, text }]
  setTimeout(() => {
    messages.value = messages.value.filter((message) => message.id !== id)
  }, stay)
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {messages.value.map(({ id, tone, text }) => <p key={id} class={`toast toast-${tone}`}>{text}</p>)}
    </div>
  )
}
