import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { Button, Input } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { LinkView, SecondStep } from '@/api/types'
import { askPasskey } from '@/kernel/passkeys'
import { Bones } from '@/ui/Bones'
import { ProblemNote } from '@/ui/ProblemView'
import { Door } from './Door'
import { SecondStepForm } from './SecondStepForm'
import styles from './SignInPage.module.css'
import { useEntering } from './useEntering'

/** Where a one-time link leads: the person sets a password and is in. */
export function SetPasswordPage() {
  const { t } = useTranslation()
  const enter = useEntering()
  // Read once: the secret is to leave the address, and the page is not to lose it.
  const [token] = useState(useLocation().hash)
  const [step, setStep] = useState<SecondStep | null>(null)
  const { data: link, error } = useQuery({
    queryKey: ['link', token],
    queryFn: () => api.session.lookAtLink(token),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const passkey = async () => {
    const begun = await api.session.passkeyOptions({ ...(link && { organisation: link.organisation.slug }) })
    const credential = await askPasskey(begun.options)
    if (credential) await enter(await api.session.passkey({ ticket: begun.ticket, credential }), undefined)
  }
  if (step) {
    return (
      <Door title={t('signin.secondTitle')} lead={t('signin.tagline')}>
        <SecondStepForm
          step={step}
          onEntered={(signedIn) => enter(signedIn, undefined)}
          onPasskey={passkey}
          onBack={() => setStep(null)}
        />
      </Door>
    )
  }
  if (!link) {
    return (
      <Door title={error ? t('signin.link.goneTitle') : t('signin.link.reset')} lead={t('signin.tagline')}>
        {error ? (
          <div className={styles.form}>
            <ProblemNote error={error} />
            <Link to="/sign-in" search={{}}>
              {t('signin.link.signIn')}
            </Link>
          </div>
        ) : (
          <Bones rows={3} />
        )}
      </Door>
    )
  }
  return (
    <Door
      title={t(link.kind === 'reset' ? 'signin.link.reset' : 'signin.link.invitation')}
      lead={t('signin.link.lead', { organisation: link.organisation.title, login: link.login })}
    >
      <PasswordBlock
        link={link}
        token={token}
        onAnswer={async (answer) => ('ticket' in answer ? setStep(answer) : await enter(answer, undefined))}
      />
    </Door>
  )
}

interface PasswordBlockProps {
  link: LinkView
  token: string
  onAnswer: (answer: Awaited<ReturnType<typeof api.session.setPasswordByLink>>) => Promise<void>
}

function PasswordBlock({ link, token, onAnswer }: PasswordBlockProps) {
  const { t } = useTranslation()
  const id = useId()
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setProblem(null)
    try {
      await onAnswer(await api.session.setPasswordByLink({ token, password }))
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className={styles.form} onSubmit={(event) => void submit(event)}>
      {/* For password managers: whose password it is. */}
      <input type="text" name="username" autoComplete="username" value={link.login} readOnly hidden />
      <div className={styles.field}>
        <label htmlFor={`${id}-new`}>{t('signin.link.password')}</label>
        <Input.Password
          id={`${id}-new`}
          size="large"
          autoFocus
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <p className={styles.tagline}>{t('security.passwordHint', { least: link.password_length })}</p>
      </div>
      <div className={styles.field}>
        <label htmlFor={`${id}-again`}>{t('signin.link.again')}</label>
        <Input.Password
          id={`${id}-again`}
          size="large"
          autoComplete="new-password"
          status={again && again !== password ? 'error' : ''}
          value={again}
          onChange={(event) => setAgain(event.target.value)}
        />
        {again && again !== password && <p className={styles.missing}>{t('signin.link.differs')}</p>}
      </div>
      {problem !== null && <ProblemNote error={problem} />}
      <Button
        type="primary"
        htmlType="submit"
        size="large"
        block
        loading={busy}
        disabled={!password || password !== again}
      >
        {t('signin.link.submit')}
      </Button>
    </form>
  )
}
