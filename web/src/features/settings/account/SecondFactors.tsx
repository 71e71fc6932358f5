import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Security } from '@/api/types'
import { PasskeySetUp } from '@/controls/security/PasskeySetUp'
import { RecoveryCodes } from '@/controls/security/RecoveryCodes'
import { TotpSetUp } from '@/controls/security/TotpSetUp'
import { type Confirmed, useConfirmed } from '@/controls/security/useConfirmed'
import { securityQuery } from '@/controls/security/useSecurity'
import { formatInstant } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import styles from './account.module.css'

/** The second factors of one's own account: app, passkeys, recovery codes. */
export function SecondFactors() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const notify = useNotify()
  const guard = useConfirmed()
  const { data: security, error, refetch } = useQuery(securityQuery)
  const [codes, setCodes] = useState<string[] | null>(null)
  const again = () => client.invalidateQueries({ queryKey: securityQuery.queryKey })
  const done = (text: string) => (made: string[]) => {
    if (made.length > 0) setCodes(made)
    notify.done(text)
    void again()
  }
  return (
    <section className={settings.section}>
      {guard.dialog}
      <h3 className={settings.sectionTitle}>{t('security.second.title')}</h3>
      <p className={settings.sectionLead}>
        {t('security.second.lead')} {security?.required && t('security.second.required')}
      </p>
      {error && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {!security && !error && <Bones rows={3} />}
      {codes && <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />}
      {security && (
        <>
          <Totp security={security} guard={guard} onChanged={again} onDone={done(t('security.totp.done'))} />
          <Passkeys security={security} guard={guard} onChanged={again} onDone={done(t('security.passkeys.done'))} />
          <Recovery security={security} guard={guard} onMade={(made) => done(t('common.saved'))(made)} />
        </>
      )}
    </section>
  )
}

interface PartProps {
  security: Security
  guard: Confirmed
}

interface FactorProps extends PartProps {
  onChanged: () => Promise<void>
  onDone: (codes: string[]) => void
}

function Totp({ security, guard, onChanged, onDone }: FactorProps) {
  const { t } = useTranslation()
  const { language, zone } = useLocale()
  const { modal } = App.useApp()
  const notify = useNotify()
  const remove = () =>
    modal.confirm({
      title: t('security.totp.removeTitle'),
      content: t('security.totp.removeHint'),
      okText: t('security.totp.remove'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () =>
        // Not waited for: the question who asks comes after this one is closed.
        void guard
          .confirmed(() => api.me.removeTotp().then(() => notify.done(t('security.totp.removed'))))
          .then(onChanged)
          .catch(notify.failed),
    })
  return (
    <div className={styles.factor} data-factor="totp">
      <h4 className={styles.factorTitle}>
        {t('security.totp.title')}
        <span className={settings.mark}>{t(security.totp_since ? 'security.second.on' : 'security.second.off')}</span>
      </h4>
      <p className={settings.hint}>
        {security.totp_since
          ? t('security.totp.since', { at: formatInstant(security.totp_since, zone, language) })
          : t('security.totp.lead')}
      </p>
      <TotpSetUp again={security.totp_since !== null} onDone={onDone} />
      {security.totp_since && (
        <div>
          <Button size="small" type="text" danger onClick={remove}>
            {t('security.totp.remove')}
          </Button>
        </div>
      )}
    </div>
  )
}

function Passkeys({ security, guard, onChanged, onDone }: FactorProps) {
  const { t } = useTranslation()
  const { language, zone } = useLocale()
  const { modal } = App.useApp()
  const notify = useNotify()
  const when = (instant: string | null) =>
    instant ? formatInstant(instant, zone, language) : t('security.passkeys.never')
  const remove = (id: string, name: string) =>
    modal.confirm({
      title: t('security.passkeys.removeTitle', { name }),
      content: t('security.passkeys.removeHint'),
      okText: t('security.passkeys.remove'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () =>
        void guard
          .confirmed(() => api.me.removePasskey(id).then(() => notify.done(t('security.passkeys.removed'))))
          .then(onChanged)
          .catch(notify.failed),
    })
  return (
    <div className={styles.factor} data-factor="passkeys">
      <h4 className={styles.factorTitle}>{t('security.passkeys.title')}</h4>
      <p className={settings.hint}>{t('security.passkeys.lead')}</p>
      {security.passkeys.length > 0 && (
        <div className={settings.scroll}>
          <table className={settings.table}>
            <thead>
              <tr>
                <th>{t('common.name')}</th>
                <th className={settings.wideOnly}>{t('security.passkeys.made')}</th>
                <th>{t('security.passkeys.used')}</th>
                <th>
                  <span className="visually-hidden">{t('security.passkeys.remove')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {security.passkeys.map((one) => (
                <tr key={one.id} data-passkey={one.label}>
                  <td>{one.label}</td>
                  <td className={settings.wideOnly}>{when(one.made_at)}</td>
                  <td>{when(one.used_at)}</td>
                  <td>
                    <Button size="small" type="text" danger onClick={() => remove(one.id, one.label)}>
                      {t('security.passkeys.remove')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <PasskeySetUp onDone={onDone} />
    </div>
  )
}

function Recovery({ security, guard, onMade }: PartProps & { onMade: (codes: string[]) => void }) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const notify = useNotify()
  if (!security.totp_since && security.passkeys.length === 0) return null
  const renew = () =>
    modal.confirm({
      title: t('security.recovery.renewTitle'),
      content: t('security.recovery.renewHint'),
      okText: t('security.recovery.renew'),
      cancelText: t('common.cancel'),
      onOk: () =>
        void guard
          .confirmed(api.me.makeRecoveryCodes)
          .then((made) => made && onMade(made.recovery_codes))
          .catch(notify.failed),
    })
  return (
    <div className={styles.factor} data-factor="recovery">
      <h4 className={styles.factorTitle}>
        {t('security.recovery.title')}
        <span className={settings.mark}>{t('security.recovery.left', { count: security.codes_left })}</span>
      </h4>
      <p className={settings.hint}>{t('security.recovery.lead')}</p>
      <div>
        <Button size="small" onClick={renew}>
          {t('security.recovery.renew')}
        </Button>
      </div>
    </div>
  )
}
