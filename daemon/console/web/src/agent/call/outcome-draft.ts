import type { Outcome } from '../../api/types'

/** The outcomes that an agent confirms, each with its key: those of the ledger's table. */
export const outcomeKeys = {
  1: 'delivered', 2: 'callback', 3: 'wrong_person', 4: 'refused', 5: 'needs_escalation', 6: 'cut_off', 7: 'voicemail', 8: 'identity_unconfirmed',
} as const satisfies Record<number, Outcome>

/** What an agent prepares during the talk and sends after it. */
export interface OutcomeDraft {
  code: Outcome | undefined
  note: string
  /** Day and time in the office's zone, empty to leave it to the system. */
  callbackDay: string
  callbackTime: string
}

export const emptyDraft: OutcomeDraft = { code: undefined, note: '', callbackDay: '', callbackTime: '' }

const prefix = 'sambung.draft.'

/**
 * Keeps the draft of one attempt in this tab, so that it is there after a reload. The
 * note can be personal: it is kept no longer than the tab, and gone once it was sent.
 */
export class DraftMemory {
  constructor(private readonly storage: Storage = sessionStorage) {}

  read(attempt: string): OutcomeDraft {
    const text = this.storage.getItem(prefix + attempt)
    return text === null ? emptyDraft : { ...emptyDraft, ...(JSON.parse(text) as OutcomeDraft) }
  }

  /** Keeps this draft, and no other. */
  keep(attempt: string, draft: OutcomeDraft): void {
    this.clear()
    this.storage.setItem(prefix + attempt, JSON.stringify(draft))
  }

  clear(): void {
    for (const key of Object.keys(this.storage)) {
      if (key.startsWith(prefix)) this.storage.removeItem(key)
    }
  }
}
