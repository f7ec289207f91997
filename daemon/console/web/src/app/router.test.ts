// @vitest-environment happy-dom
import { afterEach, expect, it } from 'vitest'
import { followLink, navigate, path } from './router'

function click(href: string): boolean {
  const link = document.createElement('a')
  link.href = href
  document.body.append(link)
  let left = false
  document.addEventListener('click', (event) => {
    followLink(event)
    left = !event.defaultPrevented
    event.preventDefault()
  }, { once: true })
  link.click()
  return left
}

afterEach(() => {
  document.body.replaceChildren()
  navigate('/agen', 'replace')
})

it('follows a link to a page by itself, the one that leads home too', () => {
  navigate('/qa')
  for (const to of ['/qa/01JKK0V8X2Q0000000000000F1', '/', '/masuk']) {
    expect(click(to)).toBe(false)
    expect(path.value).toBe(to)
  }
})

it('leaves a link within the page, and one that leads elsewhere, to the browser', () => {
  navigate('/qa')
  for (const to of ['#content', '/v1/openapi.yaml', 'https://example.com/qa']) expect(click(to)).toBe(true)
  expect(path.value).toBe('/qa')
})
