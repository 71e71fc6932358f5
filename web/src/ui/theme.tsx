/** Light, dark or as the system has it: the tokens as CSS variables and as Ant Design's theme. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App as AntApp, theme as antAlgorithms, ConfigProvider } from 'antd'
import type { Locale } from 'antd/es/locale'
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import { api } from '@/api/endpoints'
import type { Language } from '@/i18n'
import { useLanguage } from '@/kernel/language'
import { chosenTheme, storeTheme, type ThemeChoice } from '@/kernel/preferences'
import { acceptMe, meQuery } from '@/kernel/session'
import { antTheme, cssVariables, type Mode } from './tokens'

const systemDark = window.matchMedia('(prefers-color-scheme: dark)')

function subscribeSystem(listener: () => void): () => void {
  systemDark.addEventListener('change', listener)
  return () => systemDark.removeEventListener('change', listener)
}

interface ThemeState {
  choice: ThemeChoice
  mode: Mode
  choose: (choice: ThemeChoice) => void
}

const ThemeContext = createContext<ThemeState | null>(null)

export function useTheme(): ThemeState {
  const state = useContext(ThemeContext)
  if (!state) throw new Error('useTheme is used outside ThemeProvider')
  return state
}

const antLocales: Record<Language, () => Promise<{ default: Locale }>> = {
  zh: () => import('antd/es/locale/zh_CN'),
  en: () => import('antd/es/locale/en_US'),
}

const dayjsLocales: Record<Language, () => Promise<unknown>> = {
  zh: () => import('dayjs/locale/zh-cn').then(async () => (await import('dayjs')).default.locale('zh-cn')),
  en: async () => (await import('dayjs')).default.locale('en'),
}

function useAntLocale(language: Language): Locale | undefined {
  const [locale, setLocale] = useState<Locale>()
  useEffect(() => {
    let current = true
    void Promise.all([antLocales[language](), dayjsLocales[language]()]).then(([module]) => {
      if (current) setLocale(module.default)
    })
    return () => {
      current = false
    }
  }, [language])
  return locale
}

export function ThemeProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const { data: me } = useQuery({ ...meQuery, enabled: false })
  const [chosen, setChoice] = useState<ThemeChoice | null>(chosenTheme)
  const choice: ThemeChoice = chosen ?? me?.theme ?? 'system'
  const prefersDark = useSyncExternalStore(subscribeSystem, () => systemDark.matches)
  const mode: Mode = choice === 'system' ? (prefersDark ? 'dark' : 'light') : choice
  const locale = useAntLocale(useLanguage())
  const state = useMemo<ThemeState>(() => {
    const choose = (next: ThemeChoice) => {
      storeTheme(next)
      setChoice(next)
      if (!client.getQueryData(meQuery.queryKey)) return
      // The choice holds in this browser at once; that it is kept with the person as well may fail quietly.
      api.me.change({ theme: next }).then(
        (changed) => client.setQueryData(meQuery.queryKey, acceptMe(changed)),
        () => undefined,
      )
    }
    return { choice, mode, choose }
  }, [choice, mode, client])
  const config = useMemo(
    () => ({
      ...antTheme(mode),
      algorithm: mode === 'dark' ? antAlgorithms.darkAlgorithm : antAlgorithms.defaultAlgorithm,
      cssVar: { key: 'lr' },
      hashed: false,
    }),
    [mode],
  )
  return (
    <ThemeContext value={state}>
      {/* Paper is white in either mode. */}
      <style>{`${cssVariables(mode)}@media print{${cssVariables('light')}}`}</style>
      <ConfigProvider
        theme={config}
        {...(locale && { locale })}
        wave={{ disabled: true }}
        button={{ autoInsertSpace: false }}
      >
        <AntApp message={{ top: 'calc(100dvh - 132px)', maxCount: 2 }} style={{ height: '100%' }}>
          {children}
        </AntApp>
      </ConfigProvider>
    </ThemeContext>
  )
}
