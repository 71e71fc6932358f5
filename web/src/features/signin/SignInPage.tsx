import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { type ApiProblem, asProblem } from '@/api/problem'
import { acceptMe, meQuery, takeLanguage } from '@/kernel/session'
import { LanguageSwitch, ThemeSwitch } from '@/ui/Appearance'
import { DocumentTitle } from '@/ui/DocumentTitle'
import { Logo } from '@/ui/Logo'
import { DemoAccounts } from './DemoAccounts'
import { SignInForm } from './SignInForm'
import styles from './SignInPage.module.css'

export interface Credentials {
  login: string
  password: string
  organisation?: string
}

/** Signs in and goes on to where the person wanted to go. */
function useSignIn() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const { next } = useSearch({ from: '/sign-in' })
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const signIn = async (credentials: Credentials) => {
    setBusy(credentials.login)
    setProblem(null)
    try {
      const { me } = await api.session.signIn(credentials)
      client.clear()
      client.setQueryData(meQuery.queryKey, acceptMe(me))
      await takeLanguage(client, me)
      await navigate({ href: next ?? '/', replace: true })
    } catch (error) {
      setProblem(asProblem(error))
    } finally {
      setBusy(null)
    }
  }
  return { signIn, problem, busy, ended: Boolean(next) && !problem }
}

/** The door: one calm form, and on a demo server the accounts to try. */
export function SignInPage() {
  const { t } = useTranslation()
  const { data: options } = useQuery({
    queryKey: ['session', 'options'],
    queryFn: api.session.options,
    staleTime: 60_000,
  })
  const { signIn, problem, busy, ended } = useSignIn()
  const organisations = options?.organisations ?? []
  const accounts = options?.demo_accounts ?? []
  return (
    <div className={styles.page}>
      <DocumentTitle name={t('signin.title')} />
      <div className={styles.corner}>
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <main className={accounts.length > 0 ? styles.two : styles.one}>
        <section className={styles.door}>
          <div className={styles.brand}>
            <Logo size={36} />
            <div>
              <h1 className={styles.title}>{t('signin.title')}</h1>
              <p className={styles.tagline}>{t('signin.tagline')}</p>
            </div>
          </div>
          {ended && <p className={styles.ended}>{t('signin.ended')}</p>}
          <SignInForm organisations={organisations} problem={problem} busy={busy !== null} onSubmit={signIn} />
        </section>
        {accounts.length > 0 && (
          <DemoAccounts
            accounts={accounts}
            organisation={organisations.find((one) => one.demo)?.slug}
            busy={busy}
            onChoose={signIn}
          />
        )}
      </main>
    </div>
  )
}
