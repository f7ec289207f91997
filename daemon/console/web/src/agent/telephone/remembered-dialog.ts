/** What a page must know to go on with a SIP dialog (RFC 3261, section 12) after it was loaded anew. */
export interface RememberedDialog {
  /** The account that took the call. */
  account: string
  callID: string
  localTag: string
  remoteTag: string
  localURI: string
  remoteURI: string
  remoteTarget: string
  routes: string[]
  /** The last number that the other side used. */
  remoteSequence: number
  /** Above every number that this side used. */
  localSequence: number
  /** When a page last held the call, in milliseconds since 1970. */
  heldAt: number
}

const key = 'sambung.dialog'
/** The switch hangs a leg up that sends nothing for 120 s (rtp_timeout); a little less. */
export const holds = 110_000
/** More requests than a page sends in a call. A number that was used before is refused, and the call lost. */
const sequenceStep = 1_000

/**
 * Keeps the dialog of the call in the browser, for all tabs: whichever owns the
 * telephone next goes on with it. It names telephones of the office alone.
 */
export class DialogMemory {
  constructor(private readonly storage: Storage = localStorage, private readonly now: () => number = Date.now) {}

  keep(dialog: Omit<RememberedDialog, 'heldAt'>): void {
    this.storage.setItem(key, JSON.stringify({ ...dialog, heldAt: this.now() }))
  }

  /** Says that the call is still held. */
  touch(): void {
    const dialog = this.read()
    if (dialog) this.keep(dialog)
  }

  /**
   * The dialog that an account can go on with, with sequence numbers of its own each
   * time; undefined when there is none any more.
   */
  recall(account: string): RememberedDialog | undefined {
    const dialog = this.read()
    if (!dialog) return undefined
    if (dialog.account !== account || this.now() - dialog.heldAt >= holds) {
      this.forget()
      return undefined
    }
    const next = { ...dialog, localSequence: dialog.localSequence + sequenceStep }
    this.storage.setItem(key, JSON.stringify(next))
    return next
  }

  forget(): void {
    this.storage.removeItem(key)
  }

  private read(): RememberedDialog | undefined {
    const text = this.storage.getItem(key)
    return text === null ? undefined : (JSON.parse(text) as RememberedDialog)
  }
}
