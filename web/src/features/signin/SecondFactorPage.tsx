import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { PasskeySetUp } from '@/controls/security/PasskeySetUp'
import { RecoveryCodes } from '@/controls/security/RecoveryCodes'
import { TotpSetUp } from '@/controls/security/TotpSetUp'
import { meQuery } from '@/kernel/session'
import { useNotify } from '@/ui/useNotify'
import { Door } from './Door'
import styles from './SignInPage.module.css'

/** For whoever needs a second factor and has none: nothing else can be done before. */
export function SecondFactorPage() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const notify = useNotify()
  const { next } = useSearch({ from: '/second-factor' })
  const [codes, setCodes] = useState<string[] | null>(null)
  const goOn = async () => {
    await client.fetchQuery({ ...meQuery, staleTime: 0 })
    await navigate({ href: next ?? '/', replace: true })
  }
  const done = (made: string[]) => (made.length > 0 ? setCodes(made) : void goOn())
  const signOut = () =>
    void api.session.signOut().then(() => {
      client.clear()
      return navigate({ to: '/sign-in', search: {} })
    }, notify.failed)
  return (
    <Door title={t('security.second.needTitle')} lead={t('security.second.needLead')}>
      {codes ? (
        <RecoveryCodes codes={codes} onDone={() => void goOn()} />
      ) : (
        <div className={styles.form}>
          <h2 className={styles.subtitle}>{t('security.totp.title')}</h2>
          <p className={styles.tagline}>{t('security.totp.lead')}</p>
          <TotpSetUp onDone={done} />
          <h2 className={styles.subtitle}>{t('security.passkeys.title')}</h2>
          <p className={styles.tagline}>{t('security.passkeys.lead')}</p>
          <PasskeySetUp onDone={done} />
          <div className={styles.links}>
            <Button type="link" size="small" onClick={signOut}>
              {t('security.second.signOut')}
            </Button>
          </div>
        </div>
      )}
    </Door>
  )
}
