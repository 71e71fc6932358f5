import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Dropdown } from 'antd'
import { CircleUser, LogOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { Avatar } from '@/controls/Avatar'
import { useLabel } from '@/kernel/language'
import { forgetRecords } from '@/kernel/recents'
import { useMe } from '@/kernel/session'
import styles from './AccountMenu.module.css'

/** Ends the session and goes to the door. */
export function useSignOut(): () => Promise<void> {
  const client = useQueryClient()
  const navigate = useNavigate()
  return async () => {
    await api.session.signOut()
    client.clear()
    forgetRecords()
    await navigate({ to: '/sign-in' })
  }
}

/** Who is signed in, in words. */
export function AccountLine() {
  const label = useLabel()
  const me = useMe()
  return (
    <div className={styles.line}>
      <Avatar name={me.person.name} size={32} />
      <div className={styles.words}>
        <div className={styles.name}>{me.person.name}</div>
        <div className={styles.roles}>{me.roles.map((role) => label(role.label)).join(' · ')}</div>
      </div>
    </div>
  )
}

export function AccountMenu() {
  const { t } = useTranslation()
  const me = useMe()
  const navigate = useNavigate()
  const signOut = useSignOut()
  return (
    <Dropdown
      trigger={['click']}
      placement="bottomRight"
      popupRender={(menu) => (
        <div className={styles.popup}>
          <AccountLine />
          {menu}
        </div>
      )}
      menu={{
        style: { boxShadow: 'none', borderRadius: 0 },
        items: [
          {
            key: 'account',
            label: t('shell.account'),
            icon: <CircleUser size={16} aria-hidden />,
            onClick: () => void navigate({ to: '/settings/account' }),
          },
          {
            key: 'out',
            label: t('shell.signOut'),
            icon: <LogOut size={16} aria-hidden />,
            onClick: () => void signOut(),
          },
        ],
      }}
    >
      <Button
        type="text"
        shape="circle"
        className={styles.button}
        aria-label={`${t('shell.account')}: ${me.person.name}`}
      >
        <Avatar name={me.person.name} size={26} />
      </Button>
    </Dropdown>
  )
}
