// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { DialogMemory, holds } from './remembered-dialog'

const dialog = {
  account: 'sip:agent-1@switch', callID: 'c', localTag: 'l', remoteTag: 'r', localURI: 'sip:a', remoteURI: 'sip:b', remoteTarget: 'sip:t',
  routes: [], remoteSequence: 7, localSequence: 10_000,
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
    expect(memory.recall(dialog.account)).toMatchObject({ ...dialog, localSequence: 11_000 })
    memory.touch()
    now += holds - 1
    expect(memory.recall(dialog.account)?.callID).toBe('c')
    now += 1
    expect(memory.recall(dialog.account)).toBeUndefined()
    expect(localStorage.length).toBe(0)
  })

  it('never gives the same sequence numbers twice, however soon the page is loaded again', () => {
    const given = [1, 2, 3].map(() => new DialogMemory(localStorage, () => now).recall(dialog.account)!.localSequence)
    expect(given).toEqual([11_000, 12_000, 13_000])
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
