import { Search } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { LanguageSwitch, ThemeSwitch } from '@/ui/Appearance'
import { Kbd } from '@/ui/Kbd'
import { useOverlays } from '@/ui/overlays'
import { AccountMenu } from './AccountMenu'
import { CreateMenu } from './CreateMenu'
import { Notifications } from './Notifications'
import styles from './TopBar.module.css'

/** The line above every page: find, make, be told, and oneself. */
export function TopBar() {
  const { t } = useTranslation()
  const { palette } = useOverlays()
  return (
    <header className={styles.bar}>
      <button type="button" className={styles.search} onClick={palette}>
        <Search size={15} aria-hidden />
        <span>{t('shell.searchHint')}</span>
        <Kbd keys={['mod', 'K']} />
      </button>
      <div className={styles.right}>
        <CreateMenu />
        <Notifications />
        <LanguageSwitch />
        <ThemeSwitch />
        <AccountMenu />
      </div>
    </header>
  )
}
