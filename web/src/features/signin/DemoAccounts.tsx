import { ArrowRight, LoaderCircle } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { SessionOptions } from '@/api/types'
import { Avatar } from '@/controls/Avatar'
import { useLabel } from '@/kernel/language'
import type { Credentials } from './SignInPage'
import styles from './SignInPage.module.css'

interface DemoAccountsProps {
  accounts: SessionOptions['demo_accounts']
  organisation: string | undefined
  busy: string | null
  onChoose: (credentials: Credentials) => void
}

/** The accounts of a demo server, each one click away. */
export function DemoAccounts({ accounts, organisation, busy, onChoose }: DemoAccountsProps) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <section className={styles.demo} aria-labelledby="demo-title">
      <h2 id="demo-title" className={styles.demoTitle}>
        {t('signin.demoTitle')}
      </h2>
      <p className={styles.demoHint}>{t('signin.demoHint')}</p>
      <ul className={styles.accounts}>
        {accounts.map((account) => (
          <li key={account.login}>
            <button
              type="button"
              className={styles.account}
              disabled={busy !== null}
              onClick={() =>
                onChoose({ login: account.login, password: account.password, ...(organisation && { organisation }) })
              }
            >
              <Avatar name={account.name} size={32} />
              <span className={styles.accountText}>
                <span className={styles.accountName}>
                  <span className="visually-hidden">{t('signin.demoOpen')} </span>
                  {account.name}
                </span>
                <span className={styles.accountRole}>{label(account.role)}</span>
              </span>
              {busy === account.login ? (
                <LoaderCircle size={16} className={styles.turning} aria-hidden />
              ) : (
                <ArrowRight size={16} className={styles.arrow} aria-hidden />
              )}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
