import { effect } from '@preact/signals'
import { api, sessions } from '../app/services'
import { Telephone } from './telephone/telephone'

/** The telephone of whoever is signed in. It outlives the page, and a session that ran out in mid-call. */
export const telephone = new Telephone(api)

effect(() => {
  const signedOut = sessions.session.value === null && !sessions.expired.value
  if (signedOut) telephone.stop()
})
