import { expect, it } from 'vitest'
import { draftOf, recordOf } from './user-record'

it('keeps what a change leaves alone, and sends no telephone of an agent', () => {
  const user = { name: 'spv-1', role: 'supervisor' as const, endpoint: 'PJSIP/spv-1', switch: 'pbx1', language: 'en' as const, changed: '' }
  expect(recordOf(draftOf(user))).toEqual({ role: 'supervisor', disabled: false, endpoint: 'PJSIP/spv-1', switch: 'pbx1', language: 'en' })
  expect(recordOf({ ...draftOf(user), role: 'agent', agent: 'agent-1' })).toEqual({ role: 'agent', disabled: false, agent: 'agent-1', language: 'en' })
})

it('sends a password only when one was typed', () => {
  expect(recordOf(draftOf(undefined))).not.toHaveProperty('password')
  expect(recordOf({ ...draftOf(undefined), password: 'kuda laut ungu' })).toHaveProperty('password', 'kuda laut ungu')
})
