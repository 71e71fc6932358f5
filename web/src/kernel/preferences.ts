/** What this browser remembers before anyone has signed in: language and theme. */
import type { Language } from '@/i18n'

export type ThemeChoice = 'light' | 'dark' | 'system'

const languageKey = 'liaoran.language'
const themeKey = 'liaoran.theme'

/** The language that was chosen in this browser, if any was. */
export function chosenLanguage(): Language | null {
  const stored = localStorage.getItem(languageKey)
  return stored === 'zh' || stored === 'en' ? stored : null
}

/** The language to start with: the chosen one, else the browser's own. */
export function storedLanguage(): Language {
  const chosen = chosenLanguage()
  if (chosen) return chosen
  return navigator.language.startsWith('zh') ? 'zh' : 'en'
}

export const storeLanguage = (language: Language): void => localStorage.setItem(languageKey, language)

/** The theme that was chosen in this browser, if any was. */
export function chosenTheme(): ThemeChoice | null {
  const stored = localStorage.getItem(themeKey)
  return stored === 'light' || stored === 'dark' || stored === 'system' ? stored : null
}

export const storeTheme = (theme: ThemeChoice): void => localStorage.setItem(themeKey, theme)
