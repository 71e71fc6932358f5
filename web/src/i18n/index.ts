/**
 * The words of the pages: one JSON file per area and language. Only the language in use is loaded; the labels of
 * Objects and Fields come from the server in both.
 */
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { setRequestLanguage } from '@/api/client'
import type { Words } from './zh-CN'

export type Language = 'zh' | 'en'
export const languages: readonly Language[] = ['zh', 'en']

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: Words }
    returnNull: false
  }
}

const loaders: Record<Language, () => Promise<{ words: object }>> = {
  zh: () => import('./zh-CN'),
  en: () => import('./en'),
}

/** BCP 47 tag of a language, for the document, `Intl` and requests. */
export const tagOf = (language: Language): string => (language === 'zh' ? 'zh-CN' : 'en')

/** The language in use; Chinese until something else was chosen. */
export const currentLanguage = (): Language => (i18next.language === 'en' ? 'en' : 'zh')

/** A label in the middle of an English sentence: "New opportunity", yet "New SKU". */
const inSentence = (value: unknown): string =>
  currentLanguage() === 'en'
    ? String(value).replace(/(^|\s)[A-Z](?=[a-z])/g, (start) => start.toLowerCase())
    : String(value)

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'translation')) return
  const { words } = await loaders[language]()
  i18next.addResourceBundle(language, 'translation', words)
}

/** Starts with one language; resolves when its words are there. */
export async function startLanguage(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false, bindI18nStore: 'added' },
  })
  i18next.services.formatter?.add('noun', inSentence)
  await changeLanguage(language)
}

/** Switches the pages to another language, loading its words first. */
export async function changeLanguage(language: Language): Promise<void> {
  await load(language)
  await i18next.changeLanguage(language)
  setRequestLanguage(tagOf(language))
  document.documentElement.lang = tagOf(language)
}
