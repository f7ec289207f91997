import { computed, signal } from '@preact/signals'
import { type Api } from '../api/api'
import { asFailure, type Failure } from '../api/failure'
import type { Session } from '../api/types'

/** Who is signed in. */
export class Sessions {
  /** undefined until the daemon was asked, null when nobody is. */
  readonly session = signal<Session | null | undefined>(undefined)
  readonly user = computed(() => this.session.value?.user)
  /** Whether a session ended that this page had begun with. */
  readonly expired = signal(false)
  /** Why the daemon could not be asked. */
  readonly failure = signal<Failure | undefined>(undefined)

  /** The sign-out under way. */
  private leaving: Promise<void> = Promise.resolve()
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly api: Api) {}

  /** Asks who is signed in, again and again until the daemon answers. */
  async find(): Promise<void> {
    try {
      this.begin(await this.api.get<Session>('/v1/session'))
    } catch (thrown) {
      const failure = asFailure(thrown)
      if (failure.passing) {
        this.failure.value = failure
        clearTimeout(this.timer)
        this.timer = setTimeout(() => void this.find(), 3_000)
        return
      }
      if (this.session.value) this.ended()
      else this.session.value = null
    }
    this.failure.value = undefined
  }

  /** Signs in; a refusal is thrown as a Failure. */
  async signIn(name: string, password: string): Promise<Session> {
    await this.leaving // its answer removes the cookie
    const session = await this.api.post<Session>('/v1/session', { name, password })
    this.expired.value = false
    this.begin(session)
    return session
  }

  /** It is over here at once: nothing more is asked for, nor shown, while the daemon is told. */
  async signOut(): Promise<void> {
    const told = this.api.delete('/v1/session')
    this.leaving = told.catch(() => {})
    this.expired.value = false // another request may have found the session gone a moment earlier
    this.clear()
    await told
  }

  /** The daemon no longer knows the session: back to the sign-in, and then here again. */
  ended(): void {
    if (!this.session.value) return
    this.expired.value = true
    this.clear()
  }

  private begin(session: Session): void {
    this.api.csrf = session.csrf
    this.session.value = session
    clearTimeout(this.timer)
    const left = Date.parse(session.expires_at) - Date.now()
    // Asked then, and not believed: other pages may have prolonged it.
    if (left > 0 && left < 2 ** 31) this.timer = setTimeout(() => void this.find(), left + 1_000)
  }

  private clear(): void {
    clearTimeout(this.timer)
    this.api.csrf = ''
    this.session.value = null
  }
}
