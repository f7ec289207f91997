import { choose, language, type Language } from '../i18n/language'
import { common } from '../i18n/common'
import { theme, themes, type Theme } from './theme'

/** Language and appearance, remembered on this machine. */
export function DisplaySettings() {
  const t = common.value
  return (
    <span class="display-settings" role="group" aria-label={t.settings}>
      <select
        aria-label={t.language}
        value={language.value}
        onChange={(event) => choose(event.currentTarget.value as Language)}
      >
        <option value="id" lang="id">Indonesia</option>
        <option value="en" lang="en">English</option>
      </select>
      <select aria-label={t.theme} value={theme.value} onChange={(event) => (theme.value = event.currentTarget.value as Theme)}>
        {themes.map((name) => <option key={name} value={name}>{t.themes[name]}</option>)}
      </select>
    </span>
  )
}
