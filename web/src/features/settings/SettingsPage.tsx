import { Outlet } from '@tanstack/react-router'
import { Settings } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useSettingsPlaces } from '@/controls/settings/places'
import { Page } from '@/ui/Page'
import { usePhone } from '@/ui/usePhone'
import { PlaceChoice, Places } from './Places'
import styles from './settings.module.css'

/** The settings: one's own account, and for administrators and auditors what the organisation has settled. */
export function SettingsPage() {
  const { t } = useTranslation()
  const phone = usePhone()
  const places = useSettingsPlaces()
  return (
    <Page fill icon={<Settings size={18} aria-hidden />} title={t('settings.title')}>
      <div className={styles.split}>
        {phone ? <PlaceChoice places={places} /> : <Places places={places} />}
        <div className={styles.content}>
          <Outlet />
        </div>
      </div>
    </Page>
  )
}
