// @vitest-environment happy-dom
import { describe, expect, it } from 'vitest'
import { faultIn } from '../i18n/faults'
import { language } from '../i18n/language'
import { changesOf } from './detail/edit'
import { emptyDraft, submissionOf } from './draft'
import { endOfLine, mediaTypeOf, offsetOf } from './places'

describe('places of faults', () => {
  const text = 'ticket,name\r\nA-1,Bu Ayu\r\nÉ-2,Dédé\n'

  it('finds a line and a column that counts bytes', () => {
    expect(offsetOf(text, { line: 1 })).toBe(0)
    expect(text.slice(offsetOf(text, { line: 2, column: 5 }))).toMatch(/^Bu Ayu/)
    expect(text.slice(offsetOf(text, { line: 3, column: 6 }))).toMatch(/^Dédé/) // É has two bytes
  })

  it('stays within the line and the text', () => {
    expect(offsetOf(text, { line: 9 })).toBe(text.length)
    const at = offsetOf(text, { line: 2, column: 99 })
    expect(text[at]).toBe('\n')
    expect(endOfLine(text, offsetOf(text, { line: 2 }))).toBe(text.indexOf('\r', 14))
  })

  it('tells JSON lines from CSV', () => {
    expect(['a.csv', 'a.JSONL', 'a.ndjson', 'a'].map(mediaTypeOf)).toEqual(['text/csv', 'application/x-ndjson', 'application/x-ndjson', 'text/csv'])
  })
})

describe('what is sent of a draft', () => {
  const draft = { ...emptyDraft, ticket: 'T', route: 'answer' as const, taxpayer: 'N', phone: '08', message: 'M' }

  it('leaves out what is empty or of another route', () => {
    expect(submissionOf({ ...draft, directorate: 'pp1', follows: 'X' }, 'Asia/Jakarta'))
      .toEqual({ ticket: 'T', route: 'answer', taxpayer: 'N', phone: '08', message: 'M' })
    expect(submissionOf({ ...draft, route: 'opinion_unrequested', directorate: 'pp1', follows: ' X ' }, 'Asia/Jakarta'))
      .toMatchObject({ directorate: 'pp1', follows: 'X' })
  })

  it('reads the time of receipt on the clocks of the office', () => {
    expect(submissionOf({ ...draft, received: '2026-11-26T09:15' }, 'Asia/Jakarta').received_at).toBe('2026-11-26T02:15:00.000Z')
  })
})

it('an edit sends what changed, and empties what was emptied', () => {
  const before = { taxpayer: 'N', npwp: '', phone: '+628', extension: '12', message: 'M' }
  expect(changesOf(before, { ...before, extension: '', phone: '0812' })).toEqual({ extension: '', phone: '0812' })
  expect(changesOf(before, { ...before })).toEqual({})
})

it('a fault speaks the language of the page, with its numbers', () => {
  const fault = { field: 'npwp', problem: 'has 14 digits', remedy: 'write all 15 or 16 digits, zeros included' }
  expect(faultIn(fault)).toEqual({ field: 'npwp', problem: 'Terdiri atas 14 angka', remedy: 'tulis semua 15 atau 16 angkanya, termasuk nol' })
  language.value = 'en'
  expect(faultIn(fault)).toEqual({ ...fault, problem: 'Has 14 digits' })
  language.value = 'id'
  expect(faultIn({ ...fault, problem: 'Something new' }).problem).toBe('Something new')
})
