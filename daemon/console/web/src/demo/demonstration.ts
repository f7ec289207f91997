import { api, sessions } from '../app/services'
import { homeOf, navigate } from '../app/router'
import type { Role } from '../api/types'

/** An account that a click signs in with, from GET /v1/demo. */
export interface Door {
  role: Role
  name: string
  password: string
}

/** Where the demonstration answers; undefined wherever work is real. */
export const demonstration = document.querySelector<HTMLMetaElement>('meta[name="sambung-demo"]')?.content

/** Signs in as that role, in place of whoever is signed in, and shows its page. */
export async function enter(role: Role): Promise<void> {
  const { doors } = await api.get<{ doors: Door[] }>(demonstration!)
  const door = doors.find((one) => one.role === role)
  if (!door) throw new Error(`the demonstration has no door for ${role}`)
  if (sessions.session.peek()) await sessions.signOut()
  navigate(homeOf(role), 'replace')
  await sessions.signIn(door.name, door.password)
}
