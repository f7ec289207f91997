import { computed, effect, signal } from '@preact/signals'
import type { Api } from '../../api/api'
import { asFailure } from '../../api/failure'
import type { TelephoneAccount } from '../../api/types'
import { Headset } from './headset'
import type { Line } from './line'
import { TabLock } from './tab'

/** How long until the account is asked for again when the daemon did not answer, in milliseconds. */
const retry = 5_000

/**
 * desk: no telephone in the browser, another one rings; insecure: the browser gives no
 * microphone without TLS; elsewhere: another tab holds it.
 */
export type TelephoneState = 'starting' | 'desk' | 'insecure' | 'elsewhere' | 'connecting' | 'registered' | 'lost' | 'refused'

/** The agent's telephone, whichever it is. It lives longer than the page that shows it. */
export class Telephone {
  readonly headset = new Headset()
  readonly line = signal<Line | undefined>(undefined)

  readonly state = computed<TelephoneState>(() => {
    if (this.account.value === null) return 'desk'
    if (!this.headset.possible) return this.account.value ? 'insecure' : 'starting'
    if (this.tab?.held.value === false) return 'elsewhere'
    return this.line.value?.state.value ?? 'starting'
  })
  readonly call = computed(() => this.line.value?.call.value ?? 'idle')

  /** null when there is none for the user, undefined until that is known. */
  private readonly account = signal<TelephoneAccount | null | undefined>(undefined)
  private readonly tab: TabLock | undefined
  private timer: ReturnType<typeof setTimeout> | undefined
  private started = false
  /** Ends the search for the account: whoever comes next has another one. */
  private asking = new AbortController()

  constructor(private readonly api: Api) {
    if (navigator.locks) this.tab = new TabLock(navigator.locks)
    this.headset.onInputChanged = () => void this.line.value?.replaceMicrophone().catch(() => {})
    effect(() => {
      const account = this.account.value
      if (account && this.headset.possible && this.tab?.held.value !== false) void this.open(account)
    })
  }

  start(): void {
    if (this.started) return
    this.started = true
    this.asking = new AbortController()
    void this.findAccount(this.asking.signal)
  }

  /** Hangs up and signs off. */
  stop(): void {
    this.started = false
    this.asking.abort()
    clearTimeout(this.timer)
    this.line.value?.stop()
    this.line.value = undefined
    this.account.value = undefined
    this.tab?.drop()
  }

  private async findAccount(stopped: AbortSignal): Promise<void> {
    try {
      const account = await this.api.get<TelephoneAccount>('/v1/telephone', stopped)
      if (stopped.aborted) return
      this.account.value = account
      void this.tab?.take()
    } catch (thrown) {
      if (stopped.aborted) return
      const failure = asFailure(thrown)
      if (failure.status === 404) this.account.value = null
      else this.timer = setTimeout(() => void this.findAccount(stopped), retry)
    }
  }

  /** The code of SIP is loaded only where there is a telephone for it. */
  private async open(account: TelephoneAccount): Promise<void> {
    if (this.tab && !this.tab.held.value) return // not known yet
    const { Line } = await import('./line')
    if (!this.started || this.line.peek()) return
    const line = new Line(account, this.headset)
    this.line.value = line
    line.start()
  }
}
