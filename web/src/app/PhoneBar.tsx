import { Link, useLocation } from '@tanstack/react-router'
import { Drawer, Dropdown } from 'antd'
import { LogOut, Menu, Plus, Search } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { homeObject, useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { routeOf } from '@/kernel/mode'
import { LanguageSwitch, ThemeSwitch } from '@/ui/Appearance'
import { ObjectIcon } from '@/ui/Icon'
import { useOverlays } from '@/ui/overlays'
import { AccountLine, useSignOut } from './AccountMenu'
import { useCreateItems } from './CreateMenu'
import { Navigation, objectOf } from './Navigation'
import { Notifications } from './Notifications'
import styles from './PhoneBar.module.css'

/** The phone's bar at the foot: the two places people need most, make, find, and everything else. */
export function PhoneBar() {
  const { t } = useTranslation()
  const label = useLabel()
  const objects = useObjects()
  const { palette } = useOverlays()
  const items = useCreateItems()
  const [open, setOpen] = useState(false)
  const home = homeObject(objects)
  const second = objects.find((object) => object.key !== home?.key && object.order > (home?.order ?? 0)) ?? objects[1]
  const here = useLocation({ select: ({ pathname }) => objectOf(pathname) })
  const places = [home, second].filter((object) => object !== undefined)
  return (
    <>
      <nav className={styles.bar} aria-label={t('shell.navigation')}>
        {places.map((object) => (
          <Link
            key={object.key}
            to={routeOf(object)}
            params={{ object: object.key }}
            className={styles.entry}
            data-current={here === object.key ? '' : undefined}
          >
            <ObjectIcon name={object.icon} size={20} />
            <span>{label(object.label_plural)}</span>
          </Link>
        ))}
        {items.length > 0 && (
          <Dropdown trigger={['click']} placement="top" menu={{ items }}>
            <button type="button" className={styles.create} aria-label={t('shell.createMenu')}>
              <Plus size={22} aria-hidden />
            </button>
          </Dropdown>
        )}
        <button type="button" className={styles.entry} onClick={palette}>
          <Search size={20} aria-hidden />
          <span>{t('shell.search')}</span>
        </button>
        <button type="button" className={styles.entry} onClick={() => setOpen(true)}>
          <Menu size={20} aria-hidden />
          <span>{t('shell.menu')}</span>
        </button>
      </nav>
      <Drawer
        open={open}
        onClose={() => setOpen(false)}
        placement="left"
        size={288}
        title={null}
        closable={false}
        styles={{ body: { padding: 0 } }}
      >
        <MenuContent onChoose={() => setOpen(false)} />
      </Drawer>
    </>
  )
}

function MenuContent({ onChoose }: { onChoose: () => void }) {
  const { t } = useTranslation()
  const signOut = useSignOut()
  return (
    <div className={styles.menu}>
      <Navigation onChoose={onChoose} />
      <div className={styles.foot}>
        <Link to="/settings/account" className={styles.account} onClick={onChoose}>
          <AccountLine />
        </Link>
        <div className={styles.switches}>
          <Notifications />
          <LanguageSwitch />
          <ThemeSwitch />
          <button type="button" className={styles.out} onClick={() => void signOut()} aria-label={t('shell.signOut')}>
            <LogOut size={16} aria-hidden />
          </button>
        </div>
      </div>
    </div>
  )
}
