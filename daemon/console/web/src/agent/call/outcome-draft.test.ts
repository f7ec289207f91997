// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import { DraftMemory, emptyDraft } from './outcome-draft'

describe('DraftMemory', () => {
  beforeEach(() => sessionStorage.clear())

  it('gives back the draft of its attempt, and keeps no other', () => {
    const memory = new DraftMemory()
    memory.keep('A-1', { ...emptyDraft, code: 'callback', note: 'besok' })
    expect(new DraftMemory().read('A-1')).toMatchObject({ code: 'callback', note: 'besok' })
    expect(memory.read('A-2')).toEqual(emptyDraft)
    memory.keep('A-2', { ...emptyDraft, code: 'delivered' })
    expect(memory.read('A-1')).toEqual(emptyDraft)
    sessionStorage.setItem('other', 'x')
    memory.clear()
    expect(Object.keys(sessionStorage)).toEqual(['other'])
  })
})
