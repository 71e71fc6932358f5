import { Button, Input } from 'antd'
import { Fingerprint } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { SecondStep, SignedIn } from '@/api/types'
import { ProblemNote } from '@/ui/ProblemView'
import styles from './SignInPage.module.css'

interface SecondStepFormProps {
  step: SecondStep
  onEntered: (signedIn: SignedIn) => Promise<void>
  onPasskey: () => Promise<void>
  onBack: () => void
}

/** The second step: a code of the app, a recovery code, or a passkey. */
export function SecondStepForm({ step, onEntered, onPasskey, onBack }: SecondStepFormProps) {
  const { t } = useTranslation()
  const hasApp = step.ways.includes('totp')
  const [recovery, setRecovery] = useState(false)
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const asksCode = hasApp || recovery
  const run = async (work: () => Promise<void>) => {
    setBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      setProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => onEntered(await api.session.secondStep({ ticket: step.ticket, code: code.trim() })))
  }
  const lead = recovery ? 'signin.secondRecovery' : hasApp ? 'signin.secondApp' : 'signin.secondPasskeyOnly'
  return (
    <form className={styles.form} onSubmit={submit} noValidate data-second-step="">
      <p className={styles.tagline}>{t(lead)}</p>
      {asksCode && (
        <div className={styles.field}>
          <label htmlFor="code">{t(recovery ? 'signin.recoveryCode' : 'signin.code')}</label>
          <Input
            key={recovery ? 'recovery' : 'app'}
            id="code"
            size="large"
            autoFocus
            autoComplete="one-time-code"
            inputMode={recovery ? 'text' : 'numeric'}
            maxLength={recovery ? 20 : 9}
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </div>
      )}
      {problem !== null && <ProblemNote error={problem} />}
      {asksCode && (
        <Button type="primary" htmlType="submit" size="large" block loading={busy} disabled={!code.trim()}>
          {t('signin.continue')}
        </Button>
      )}
      {step.ways.includes('passkey') && (
        <Button
          size="large"
          block
          type={asksCode ? 'default' : 'primary'}
          icon={<Fingerprint size={16} />}
          disabled={busy}
          onClick={() => void run(onPasskey)}
        >
          {t('signin.passkey')}
        </Button>
      )}
      <div className={styles.links}>
        <Button type="link" size="small" onClick={onBack}>
          {t('signin.back')}
        </Button>
        {step.ways.includes('recovery') && (hasApp || !recovery) && (
          <Button
            type="link"
            size="small"
            onClick={() => {
              setRecovery(!recovery)
              setCode('')
              setProblem(null)
            }}
          >
            {t(recovery ? 'signin.useApp' : 'signin.useRecovery')}
          </Button>
        )}
      </div>
    </form>
  )
}
