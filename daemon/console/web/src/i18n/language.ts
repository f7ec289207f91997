import { computed, effect, signal, type ReadonlySignal } from '@preact/signals'

export type Language = 'id' | 'en'

const key = 'sambung.language'

function remembered(): Language {
  return localStorage.getItem(key) === 'en' ? 'en' : 'id'
}

/** The language of the pages; Indonesian unless somebody chose. */
export const language = signal<Language>(remembered())

effect(() => {
  document.documentElement.lang = language.value
})

export function choose(chosen: Language): void {
  language.value = chosen
  localStorage.setItem(key, chosen)
}

/** Whether somebody chose on this machine, so that an account's language does not overrule it. */
export function chosenHere(): boolean {
  return localStorage.getItem(key) !== null
}

/**
 * Texts in both languages. The English ones must have the very keys and parameters of
 * the Indonesian ones, else they do not compile.
 */
export function dictionary<T>(texts: { id: T; en: NoInfer<T> }): ReadonlySignal<T> {
  return computed(() => texts[language.value])
}
