// @vitest-environment happy-dom
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { outcomeKeys } from '../agent/call/outcome-draft'
import { terms } from './terms'
import { choose } from './language'

const queue = '../../../queue'
const read = (file: string) => readFileSync(`${queue}/${file}`, 'utf8')

/** The values of constants such as KindReceived Kind = "received", by name. */
function constants(source: string, type: string): Map<string, string> {
  return new Map([...source.matchAll(new RegExp(`(${type}\\w+)\\s+${type}\\s*=\\s*"(\\w+)"`, 'g'))].map(([, name, value]) => [name!, value!]))
}

it('calls every kind of activity what the ledger calls it', () => {
  const source = read('kind.go')
  const values = constants(source, 'Kind')
  const labels = [...source.matchAll(/\{(Kind\w+), Class\w+, "([^"]+)"\}/g)]
  expect(labels.length).toBeGreaterThan(30)
  for (const [, name, label] of labels) expect([name, terms.value.kind[values.get(name!)!]]).toEqual([name, label])
  choose('en')
  for (const [, name] of labels) expect(terms.value.kind[values.get(name!)!], name).toBeTruthy()
  choose('id')
})

it('has the keys and the wording of the ledger’s outcomes', () => {
  const source = read('outcome.go')
  const values = constants(source, 'Outcome')
  const rules = [...source.matchAll(/Outcome: (Outcome\w+)(?:, Key: "(\d)")?.*Label: "([^"]+)"/g)]
  const keys = Object.fromEntries(rules.filter(([, , key]) => key).map(([, name, key]) => [key, values.get(name!)]))
  expect(keys).toEqual(outcomeKeys)
  for (const [, name, , label] of rules) expect(terms.value.outcome[values.get(name!) as keyof typeof terms.value.outcome]).toBe(label)
})
