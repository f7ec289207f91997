import { effect, untracked } from '@preact/signals'
import { api, sessions } from '../app/services'
import { Telephone } from './telephone/telephone'

/** The telephone of whoever is signed in. It outlives the page, and a session that ran out in mid-call. */
export const telephone = new Telephone(api)

let holder = ''

effect(() => {
  const signedOut = sessions.session.value === null && !sessions.expired.value
  const name = sessions.user.value?.name ?? holder
  if (signedOut || name !== holder) untracked(() => telephone.stop()) // also when another person signs in after a session ran out
  holder = signedOut ? '' : name
})
