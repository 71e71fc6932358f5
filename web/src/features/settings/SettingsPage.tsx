import { useQuery } from '@tanstack/react-query'
import { Link, Outlet } from '@tanstack/react-router'
import {
  ArrowLeftRight,
  Boxes,
  CircleUser,
  Files,
  KeyRound,
  ScrollText,
  Settings,
  Share2,
  ShieldCheck,
  Users,
  Workflow,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { auditMineQuery } from '@/kernel/audit'
import { useMe } from '@/kernel/session'
import { Page } from '@/ui/Page'
import styles from './settings.module.css'

/** The settings: one's own account, and for administrators the shape of the organisation. */
export function SettingsPage() {
  const { t } = useTranslation()
  const { administrator } = useMe()
  const { data: audit } = useQuery(auditMineQuery)
  const places = [
    { to: '/settings/account' as const, text: t('settings.account.title'), Shape: CircleUser },
    { to: '/settings/processes' as const, text: t('design.title'), Shape: Workflow },
    ...(administrator
      ? [
          { to: '/settings/objects' as const, text: t('settings.objects.title'), Shape: Boxes },
          { to: '/settings/documents' as const, text: t('files.types.title'), Shape: Files },
          { to: '/settings/people' as const, text: t('settings.people.title'), Shape: Users },
          { to: '/settings/roles' as const, text: t('roles.title'), Shape: ShieldCheck },
          { to: '/settings/security' as const, text: t('security.title'), Shape: KeyRound },
          { to: '/settings/hand-over' as const, text: t('handOver.title'), Shape: ArrowLeftRight },
          { to: '/settings/sharing' as const, text: t('sharing.rules.title'), Shape: Share2 },
        ]
      : []),
    ...(audit?.auditor ? [{ to: '/settings/audit' as const, text: t('audit.title'), Shape: ScrollText }] : []),
  ]
  return (
    <Page fill icon={<Settings size={18} aria-hidden />} title={t('settings.title')}>
      <div className={styles.split}>
        <nav className={styles.places} aria-label={t('settings.title')}>
          {places.map(({ to, text, Shape }) => (
            <Link key={to} to={to} className={styles.place} activeProps={{ 'data-current': '' }}>
              <Shape size={16} strokeWidth={1.75} aria-hidden />
              {text}
            </Link>
          ))}
        </nav>
        <div className={styles.content}>
          <Outlet />
        </div>
      </div>
    </Page>
  )
}
