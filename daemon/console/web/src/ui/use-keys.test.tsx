// @vitest-environment happy-dom
import { render } from 'preact'
import { act } from 'preact/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useKeys } from './use-keys'

describe('useKeys', () => {
  const acted = vi.fn()
  function Page({ enabled }: { enabled: boolean }) {
    useKeys({ h: acted, enter: acted, ' ': acted, arrowleft: acted }, enabled)
    return <><input /><input type="radio" /><input type="checkbox" /><button>b</button><a href="/">a</a><details><summary>s</summary></details></>
  }
  const show = (enabled = true) => act(() => render(<Page enabled={enabled} />, document.body))
  const press = (key: string, on: Element = document.body, more: KeyboardEventInit = {}) =>
    on.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))

  beforeEach(() => void acted.mockClear())
  afterEach(() => act(() => render(null, document.body)))

  it('acts on a key, in either case', () => {
    show()
    press('h')
    press('H')
    expect(acted).toHaveBeenCalledTimes(2)
  })

  it('acts as soon as the page is drawn', () => {
    render(<Page enabled />, document.body)
    press('h')
    expect(acted).toHaveBeenCalledTimes(1)
  })

  it.each([
    ['while somebody types', () => press('h', document.querySelector('input')!)],
    ['with a modifier', () => press('h', document.body, { ctrlKey: true })],
    ['while the key is held down', () => press('h', document.body, { repeat: true })],
    ['when Enter is the button’s own', () => press('Enter', document.querySelector('button')!)],
    ['when the space bar is the button’s own', () => press(' ', document.querySelector('button')!)],
    ['when Enter follows a link', () => press('Enter', document.querySelector('a')!)],
    ['when Enter opens what is folded', () => press('Enter', document.querySelector('summary')!)],
    ['when the space bar opens what is folded', () => press(' ', document.querySelector('summary')!)],
    ['on another key', () => press('x')],
  ])('rests %s', (_, pressed) => {
    show()
    pressed()
    expect(acted).not.toHaveBeenCalled()
  })

  it.each(['radio', 'checkbox'])('acts while a %s has the focus, which was clicked a moment ago, but leaves it its own keys', (type) => {
    show()
    const choice = document.querySelector(`input[type=${type}]`)!
    press('Enter', choice)
    press('h', choice)
    expect(acted).toHaveBeenCalledTimes(2)
    press(' ', choice)
    expect(acted).toHaveBeenCalledTimes(2)
  })

  it('leaves the arrows to a radio, which moves by them', () => {
    show()
    press('ArrowLeft', document.querySelector('input[type=radio]')!)
    expect(acted).not.toHaveBeenCalled()
    press('ArrowLeft', document.querySelector('input[type=checkbox]')!)
    expect(acted).toHaveBeenCalledTimes(1)
  })

  it('acts on the space bar on a link, which does not use it', () => {
    show()
    press(' ', document.querySelector('a')!)
    expect(acted).toHaveBeenCalledTimes(1)
  })

  it('rests while a dialogue is open, and when it is turned off', () => {
    show()
    const dialog = document.createElement('dialog')
    dialog.setAttribute('open', '')
    document.body.append(dialog)
    press('h')
    dialog.remove()
    show(false)
    press('h')
    expect(acted).not.toHaveBeenCalled()
  })
})
