import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import type { Text } from '@/api/types'
import type { Language } from '@/i18n'

/** The language of the pages; a component that uses it is drawn again when it changes. */
export function useLanguage(): Language {
  const { i18n } = useTranslation()
  return i18n.language === 'en' ? 'en' : 'zh'
}

/** The words of a label in one language; a plain string serves both. */
export function readText(text: Text | string | null | undefined, language: Language): string {
  if (!text) return ''
  if (typeof text === 'string') return text
  return language === 'en' ? text.en || text.zh : text.zh || text.en
}

/** Reads labels in the language of the pages. */
export function useLabel(): (text: Text | string | null | undefined) => string {
  const language = useLanguage()
  return useCallback((text) => readText(text, language), [language])
}
