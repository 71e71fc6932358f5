import { Button, Input, type InputRef, Select } from 'antd'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiProblem } from '@/api/problem'
import type { SessionOptions } from '@/api/types'
import { ProblemNote } from '@/ui/ProblemView'
import type { Credentials } from './SignInPage'
import styles from './SignInPage.module.css'

interface SignInFormProps {
  organisations: SessionOptions['organisations']
  /** The chosen one, where there are several. */
  organisation: string | undefined
  onOrganisation: (slug: string) => void
  problem: ApiProblem | null
  busy: boolean
  onSubmit: (credentials: Credentials) => void
}

/** Seconds left of a pause the server asked for. */
function useCountdown(problem: ApiProblem | null): number {
  const [left, setLeft] = useState(0)
  useEffect(() => {
    setLeft(problem?.retryAfter ?? 0)
    if (!problem?.retryAfter) return
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1000)
    return () => clearInterval(timer)
  }, [problem])
  return left
}

/** Login and password, and the organisation where there are several. */
export function SignInForm({ organisations, organisation, onOrganisation, problem, busy, onSubmit }: SignInFormProps) {
  const { t } = useTranslation()
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const [missing, setMissing] = useState<{ login?: boolean; password?: boolean }>({})
  const [capsLock, setCapsLock] = useState(false)
  const loginInput = useRef<InputRef>(null)
  const passwordInput = useRef<InputRef>(null)
  const [refused, setRefused] = useState('')
  const left = useCountdown(problem)
  // The pause is for the login that was tried too often, not for the person next to them.
  const wait = login.trim() === refused ? left : 0

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const empty = { login: !login.trim(), password: !password }
    setMissing(empty)
    if (empty.login) return loginInput.current?.focus()
    if (empty.password) return passwordInput.current?.focus()
    setRefused(login.trim())
    onSubmit({ login: login.trim(), password, ...(organisation && { organisation }) })
  }

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      {organisations.length > 1 && (
        <div className={styles.field}>
          <label htmlFor="organisation">{t('signin.organisation')}</label>
          <Select
            id="organisation"
            size="large"
            value={organisation ?? null}
            onChange={onOrganisation}
            options={organisations.map((one) => ({ value: one.slug, label: one.title }))}
          />
        </div>
      )}
      <div className={styles.field}>
        <label htmlFor="login">{t('signin.login')}</label>
        <Input
          ref={loginInput}
          id="login"
          size="large"
          autoFocus
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          placeholder={t('signin.loginPlaceholder')}
          status={missing.login ? 'error' : ''}
          aria-invalid={missing.login}
          aria-describedby={missing.login ? 'login-problem' : undefined}
          value={login}
          onChange={(event) => setLogin(event.target.value)}
        />
        {missing.login && (
          <p id="login-problem" className={styles.missing}>
            {t('signin.needLogin')}
          </p>
        )}
      </div>
      <div className={styles.field}>
        <label htmlFor="password">{t('signin.password')}</label>
        <Input.Password
          ref={passwordInput}
          id="password"
          size="large"
          autoComplete="current-password"
          status={missing.password ? 'error' : ''}
          aria-invalid={missing.password}
          aria-describedby={missing.password ? 'password-problem' : undefined}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          onKeyUp={(event) => setCapsLock(event.getModifierState('CapsLock'))}
        />
        {missing.password && (
          <p id="password-problem" className={styles.missing}>
            {t('signin.needPassword')}
          </p>
        )}
        {capsLock && <p className={styles.hint}>{t('signin.capsLock')}</p>}
      </div>
      {wait > 0 && (
        <p className={styles.wait} role="alert">
          {wait > 90 ? t('signin.waitMinutes', { count: Math.ceil(wait / 60) }) : t('signin.wait', { seconds: wait })}
        </p>
      )}
      {problem && problem.status !== 429 && <ProblemNote error={problem} />}
      <Button type="primary" htmlType="submit" size="large" block loading={busy} disabled={wait > 0}>
        {t('signin.submit')}
      </Button>
    </form>
  )
}
