// What all pages share, made once. Tests make their own.
import { effect, signal } from '@preact/signals'
import { Api } from '../api/api'
import { Live } from '../api/live'
import { Resource } from '../api/resource'
import type { Calendar } from '../api/types'
import { Clock } from '../time/clock'
import { WorkingTime } from '../time/working-time'
import { Sessions } from './sessions'

const fetch = window.fetch.bind(window)

export const api = new Api(fetch)
export const live = new Live(fetch)
export const clock = new Clock()
export const sessions = new Sessions(api)

/** The office's hours; undefined until they were read. */
export const workingTime = signal<WorkingTime | undefined>(undefined)
/** The calendar that they came from. */
export const calendar = signal<Calendar | undefined>(undefined)

/** Starts what runs while somebody is signed in, and ends it with the session. */
export function startServices(): void {
  api.onUnauthorized = () => sessions.ended()
  live.onUnauthorized = () => sessions.ended()
  clock.onWake = () => live.wake()
  window.addEventListener('online', () => live.wake())
  clock.start()
  effect(() => (sessions.user.value ? whileSignedIn() : undefined))
  effect(() => {
    if (clock.day.value) live.readAgain() // a new day: everything shown is another day's
  })
}

function whileSignedIn(): () => void {
  live.start()
  const hours = new Resource((signal) => api.get<Calendar>('/v1/calendar', signal), live)
  const end = effect(() => {
    const read = hours.data.value
    if (!read) return
    clock.set(read.now, read.zone)
    calendar.value = read
    workingTime.value = new WorkingTime(read)
  })
  return () => {
    end()
    hours.end()
    live.stop()
  }
}
