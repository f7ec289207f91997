// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { DialogMemory, holds } from './remembered-dialog'

const dialog = {
  account: 'sip:agent-1@switch', callID: 'c', localTag: 'l', remoteTag: 'r', localURI: 'sip:a', remoteURI: 'sip:b', remoteTarget: 'sip:t',
  routes: [], remoteSequence: 7,
}

describe('DialogMemory', () => {
  let now = 0
  let memory: DialogMemory
  beforeEach(() => {
    localStorage.clear()
    now = 1_000
    memory = new DialogMemory(localStorage, () => now)
    memory.keep(dialog)
  })

  it('is recalled by the account that took the call, for as long as the switch holds the leg', () => {
    now += holds - 1
    expect(memory.recall(dialog.account)).toMatchObject(dialog)
    memory.touch()
    now += holds - 1
    expect(memory.recall(dialog.account)?.callID).toBe('c')
    now += 1
    expect(memory.recall(dialog.account)).toBeUndefined()
    expect(localStorage.length).toBe(0)
  })

  it('is no other account’s', () => {
    expect(memory.recall('sip:agent-2@switch')).toBeUndefined()
  })

  it('is forgotten with the call, and not brought back by a late touch', () => {
    memory.forget()
    memory.touch()
    expect(memory.recall(dialog.account)).toBeUndefined()
  })
})
