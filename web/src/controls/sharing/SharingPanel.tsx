import { Button } from 'antd'
import { Bell, BellOff, UserPlus, Users } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, RecordData, Share, Sharing, TeamRole } from '@/api/types'
import { Avatar } from '@/controls/Avatar'
import { WhoSees } from '@/controls/access/WhoSees'
import { useLabel } from '@/kernel/language'
import { useMe } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import { Followers } from './Followers'
import { ShareDialog } from './ShareDialog'
import { APPROVER, ShareRow } from './ShareRow'
import styles from './sharing.module.css'
import { type Shared, useShareActions, useSharing } from './useSharing'

interface SharingPanelProps {
  object: ObjectDescription
  record: RecordData
}

/** Who works on a record together: its owner and team, with whom it is shared until when, who follows it. */
export function SharingPanel({ object, record }: SharingPanelProps) {
  const { t } = useTranslation()
  const shared: Shared = { object: object.key, record: record.id }
  const { data, error, isPending, refetch } = useSharing(shared)
  const [adding, setAdding] = useState(false)
  return (
    <section className={styles.panel} aria-label={t('sharing.title')}>
      <header className={styles.head}>
        <Users size={14} aria-hidden />
        <h3>{t('sharing.title')}</h3>
        {data && <FollowButton shared={shared} following={data.following} />}
        <WhoSees object={object.key} record={record.id} />
        {data?.may_share && (
          <Button
            size="small"
            type="text"
            icon={<UserPlus size={14} aria-hidden />}
            aria-label={t('sharing.add')}
            title={t('sharing.add')}
            onClick={() => setAdding(true)}
          />
        )}
      </header>
      {isPending && <Bones rows={2} />}
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {data && <Lists shared={shared} sharing={data} />}
      {adding && data && <ShareDialog shared={shared} sharing={data} onClose={() => setAdding(false)} />}
    </section>
  )
}

function Lists({ shared, sharing }: { shared: Shared; sharing: Sharing }) {
  const { t } = useTranslation()
  const approvers = sharing.shares.filter((share) => share.role === APPROVER)
  const team = sharing.shares.filter((share) => share.role !== null && share.role !== APPROVER)
  const others = sharing.shares.filter((share) => share.role === null)
  const row = (share: Share) => <ShareRow key={share.id} shared={shared} sharing={sharing} share={share} />
  const alone = team.length + others.length === 0
  return (
    <>
      {(sharing.owner || team.length > 0) && (
        <ul className={styles.rows} aria-label={t('sharing.team')}>
          {sharing.owner && <OwnerRow name={sharing.owner.label} roles={sharing.roles} />}
          {byRole(team, sharing.roles).map(row)}
        </ul>
      )}
      {others.length > 0 && (
        <ul className={styles.rows} aria-label={t('sharing.shares')}>
          {others.map(row)}
        </ul>
      )}
      {alone && sharing.may_share && <p className={styles.quiet}>{t('sharing.empty')}</p>}
      {approvers.length > 0 && (
        <details className={styles.ended}>
          <summary>{t('sharing.approvers', { count: approvers.length })}</summary>
          <ul className={styles.rows}>{approvers.map(row)}</ul>
        </details>
      )}
      <Followers shared={shared} sharing={sharing} />
      {sharing.ended.length > 0 && (
        <details className={styles.ended}>
          <summary>{t('sharing.endedCount', { count: sharing.ended.length })}</summary>
          <ul className={styles.rows}>{sharing.ended.map(row)}</ul>
        </details>
      )}
    </>
  )
}

/** The team in the order of its parts. */
function byRole(team: Share[], roles: TeamRole[]): Share[] {
  const place = (share: Share) => roles.findIndex((role) => role.key === share.role)
  return [...team].sort((one, other) => place(one) - place(other))
}

function OwnerRow({ name, roles }: { name: string; roles: TeamRole[] }) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <li className={styles.row}>
      <Avatar name={name} size={24} />
      <div className={styles.rowBody}>
        <span className={styles.name}>{name}</span>
        <span className={styles.facts}>
          <span className={styles.mark}>{label(roles.find((role) => role.key === 'owner')?.label)}</span>
          {t('sharing.level.edit')}
        </span>
      </div>
    </li>
  )
}

function FollowButton({ shared, following }: { shared: Shared; following: boolean }) {
  const { t } = useTranslation()
  const { person } = useMe()
  const { follow, unfollow } = useShareActions(shared)
  return (
    <Button
      size="small"
      type="text"
      className={styles.follow ?? ''}
      icon={following ? <BellOff size={14} aria-hidden /> : <Bell size={14} aria-hidden />}
      aria-pressed={following}
      onClick={() => void (following ? unfollow(person.id) : follow())}
    >
      {t(following ? 'sharing.unfollow' : 'sharing.follow')}
    </Button>
  )
}
