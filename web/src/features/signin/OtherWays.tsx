import { Button } from 'antd'
import { Building2, Fingerprint } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { SessionOptions } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { passkeysWork } from '@/kernel/passkeys'
import styles from './SignInPage.module.css'

interface OtherWaysProps {
  providers: SessionOptions['providers']
  /** The organisation chosen above, where there are several. */
  organisation: string | undefined
  next: string | undefined
  busy: boolean
  onPasskey: () => void
}

/** What one may sign in with instead of a password. */
export function OtherWays({ providers, organisation, next, busy, onPasskey }: OtherWaysProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const offered = providers.filter((one) => !organisation || one.organisation === organisation)
  if (offered.length === 0 && !passkeysWork()) return null
  return (
    <div className={styles.others}>
      <p className={styles.or}>{t('signin.or')}</p>
      {offered.map((one) => (
        <Button
          key={one.id}
          size="large"
          block
          icon={<Building2 size={16} />}
          href={api.session.signOn(one.organisation, one.id, next ?? '/')}
        >
          {t('signin.with', { name: label(one.label) })}
        </Button>
      ))}
      {passkeysWork() && (
        <Button size="large" block icon={<Fingerprint size={16} />} disabled={busy} onClick={onPasskey}>
          {t('signin.passkey')}
        </Button>
      )}
    </div>
  )
}
