/** What this browser remembers before anyone has signed in: language and theme. */
import type { Language } from '@/i18n'

export type ThemeChoice = 'light' | 'dark' | 'system'

const languageKey = 'liaoran.language'
const themeKey = 'liaoran.theme'

export function storedLanguage(): Language {
  const stored = localStorage.getItem(languageKey)
  if (stored === 'zh' || stored === 'en') return stored
  return navigator.language.startsWith('zh') ? 'zh' : 'en'
}

export const storeLanguage = (language: Language): void => localStorage.setItem(languageKey, language)

export function storedTheme(): ThemeChoice {
  const stored = localStorage.getItem(themeKey)
  return stored === 'light' || stored === 'dark' ? stored : 'system'
}

export const storeTheme = (theme: ThemeChoice): void => localStorage.setItem(themeKey, theme)
