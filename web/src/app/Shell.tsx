import { Outlet } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLiveUpdates } from '@/kernel/live'
import { usePhone } from '@/ui/usePhone'
import { Navigation } from './Navigation'
import { OverlayHost } from './overlays'
import { PageMark } from './PageMark'
import { PhoneBar } from './PhoneBar'
import styles from './Shell.module.css'
import { TopBar } from './TopBar'
import { useVisits } from './useVisits'

const narrowKey = 'liaoran.navigation.narrow'

/** The frame around every page behind the sign-in. */
export function Shell() {
  useLiveUpdates()
  useVisits()
  const { t } = useTranslation()
  const phone = usePhone()
  const [narrow, setNarrow] = useState(() => localStorage.getItem(narrowKey) === 'yes')
  const toggle = () => {
    localStorage.setItem(narrowKey, narrow ? 'no' : 'yes')
    setNarrow(!narrow)
  }
  return (
    <OverlayHost>
      <a className={styles.skip} href="#content">
        {t('shell.skip')}
      </a>
      <div className={phone ? styles.phone : narrow ? styles.narrow : styles.wide}>
        {!phone && <Navigation narrow={narrow} onToggle={toggle} />}
        {!phone && <TopBar />}
        <main id="content" className={styles.content} tabIndex={-1}>
          <Outlet />
        </main>
        {phone && <PhoneBar />}
      </div>
      <PageMark />
    </OverlayHost>
  )
}
