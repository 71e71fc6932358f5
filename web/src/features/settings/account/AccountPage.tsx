import { useQueryClient } from '@tanstack/react-query'
import { Segmented, Select } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { Avatar } from '@/controls/Avatar'
import { languages } from '@/i18n'
import { useLabel, useLanguage } from '@/kernel/language'
import { acceptMe, meQuery, useMe, useSetLanguage } from '@/kernel/session'
import { useTheme } from '@/ui/theme'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import styles from './account.module.css'
import { PasswordForm } from './PasswordForm'
import { SecondFactors } from './SecondFactors'
import { Sessions } from './Sessions'
import { Tokens } from './Tokens'

const zones = Intl.supportedValuesOf('timeZone').map((zone) => ({ value: zone, label: zone.replaceAll('_', ' ') }))

/** One's own account: how the pages look, the password, the tokens for programs. */
export function AccountPage() {
  const { t } = useTranslation()
  const label = useLabel()
  const me = useMe()
  return (
    <>
      <div className={styles.person}>
        <Avatar name={me.person.name} size={48} />
        <div>
          <h2 className={settings.title}>{me.person.name}</h2>
          <p className={styles.facts}>
            {me.person.login} · {me.roles.map((role) => label(role.label)).join(', ')} · {me.organisation.title}
          </p>
        </div>
      </div>
      <Preferences />
      <section className={settings.section}>
        <h3 className={settings.sectionTitle}>{t('settings.account.password')}</h3>
        <p className={settings.sectionLead}>{t('settings.account.passwordLead')}</p>
        <PasswordForm />
      </section>
      <SecondFactors />
      <Sessions />
      <Tokens />
    </>
  )
}

function Preferences() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const notify = useNotify()
  const me = useMe()
  const language = useLanguage()
  const setLanguage = useSetLanguage()
  const theme = useTheme()
  const zoneId = useId()
  const setZone = (zone: string) =>
    api.me
      .change({ zone })
      .then((changed) => client.setQueryData(meQuery.queryKey, acceptMe(changed)))
      .then(() => notify.done(t('common.saved')), notify.failed)
  return (
    <section className={settings.section}>
      <h3 className={settings.sectionTitle}>{t('settings.account.look')}</h3>
      <div className={`${settings.form} ${settings.narrow}`}>
        <div className={settings.field}>
          <span className={settings.label}>{t('common.appearance.language')}</span>
          <Segmented
            block
            aria-label={t('common.appearance.language')}
            value={language}
            options={languages.map((one) => ({ value: one, label: t(`common.languages.${one}`) }))}
            onChange={(next) => void setLanguage(next).catch(notify.failed)}
          />
        </div>
        <div className={settings.field}>
          <span className={settings.label}>{t('common.appearance.theme')}</span>
          <Segmented
            block
            aria-label={t('common.appearance.theme')}
            value={theme.choice}
            options={(['light', 'dark', 'system'] as const).map((one) => ({
              value: one,
              label: t(`common.appearance.${one}`),
            }))}
            onChange={theme.choose}
          />
        </div>
        <div className={settings.field}>
          <label htmlFor={zoneId}>{t('settings.account.zone')}</label>
          <Select
            id={zoneId}
            value={me.zone}
            options={zones}
            showSearch={{ optionFilterProp: 'label' }}
            onChange={(zone) => void setZone(zone)}
          />
        </div>
      </div>
    </section>
  )
}
