import { Button, Dropdown } from 'antd'
import { Building2, Clock, Ellipsis, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Share, Sharing } from '@/api/types'
import { Avatar } from '@/controls/Avatar'
import { formatInstant } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { ShareDialog } from './ShareDialog'
import styles from './sharing.module.css'
import { type Shared, takerOf, useShareActions } from './useSharing'

/** The part of those who see a record by their seat in an approval of it; their share is ended by hand at most. */
export const APPROVER = 'approver'

interface ShareRowProps {
  shared: Shared
  sharing: Sharing
  share: Share
}

/** With whom, as what, how far and until when; and what can be done about it. */
export function ShareRow({ shared, sharing, share }: ShareRowProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language, zone } = useLocale()
  const [changing, setChanging] = useState(false)
  const role = sharing.roles.find((one) => one.key === share.role)
  const name = takerOf(share)
  const at = (instant: string) => <time dateTime={instant}>{formatInstant(instant, zone, language)}</time>
  return (
    <li className={styles.row} data-state={share.state}>
      {share.person ? <Avatar name={name} size={24} /> : <Building2 size={18} className={styles.shape} aria-hidden />}
      <div className={styles.rowBody}>
        <span className={styles.name}>{name}</span>
        <span className={styles.facts}>
          {role && <span className={styles.mark}>{label(role.label)}</span>}
          {t(`sharing.level.${share.level}`)}
          {share.department && <span>{t('sharing.andBelow')}</span>}
          {share.state === 'upcoming' && (
            <span>
              <Clock size={12} aria-hidden /> {t('sharing.from')} {at(share.starts_at)}
            </span>
          )}
          {share.ends_at && (
            <span>
              <Clock size={12} aria-hidden /> {t(share.state === 'ended' ? 'sharing.endedAt' : 'sharing.until')}{' '}
              {at(share.ends_at)}
            </span>
          )}
        </span>
        {share.note && <span className={styles.note}>{share.note}</span>}
      </div>
      <RowActions shared={shared} sharing={sharing} share={share} onChange={() => setChanging(true)} />
      {changing && <ShareDialog shared={shared} sharing={sharing} share={share} onClose={() => setChanging(false)} />}
    </li>
  )
}

function RowActions({ shared, sharing, share, onChange }: ShareRowProps & { onChange: () => void }) {
  const { t } = useTranslation()
  const { end, reopen } = useShareActions(shared)
  const name = takerOf(share)
  if (share.state === 'ended') {
    if (!sharing.may_share) return null
    return (
      <Button
        type="text"
        size="small"
        icon={<Undo2 size={14} aria-hidden />}
        aria-label={t('sharing.reopen', { name })}
        title={t('sharing.reopen', { name })}
        onClick={() => void reopen(share)}
      />
    )
  }
  const items = [
    ...(sharing.may_share && share.role !== APPROVER
      ? [{ key: 'change', label: t('sharing.change'), onClick: onChange }]
      : []),
    ...(sharing.may_share || share.mine
      ? [
          {
            key: 'end',
            danger: true,
            label: t(share.mine && !sharing.may_share ? 'sharing.leave' : 'sharing.end'),
            onClick: () => void end(share),
          },
        ]
      : []),
  ]
  if (items.length === 0) return null
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button
        type="text"
        size="small"
        icon={<Ellipsis size={14} aria-hidden />}
        aria-label={t('sharing.menu', { name })}
      />
    </Dropdown>
  )
}
