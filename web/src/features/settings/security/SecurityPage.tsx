import { useTranslation } from 'react-i18next'
import settings from '../settings.module.css'
import { Providers } from './Providers'
import { Rules } from './Rules'
import { ServiceTokens } from './ServiceTokens'

/** What holds for everybody's sign-in: passwords and second factors, single sign-on, the tokens of programs. */
export function SecurityPage() {
  const { t } = useTranslation()
  return (
    <>
      <div className={settings.head}>
        <h2 className={settings.title}>{t('security.title')}</h2>
      </div>
      <Rules />
      <Providers />
      <ServiceTokens />
    </>
  )
}
