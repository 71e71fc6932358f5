import { Button, Popover, Tooltip } from 'antd'
import { Plus, X } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Sharing } from '@/api/types'
import { Avatar } from '@/controls/Avatar'
import { RecordPicker } from '@/controls/RecordPicker'
import { useMe } from '@/kernel/session'
import styles from './sharing.module.css'
import { type Shared, useShareActions } from './useSharing'

/** Who is told about the record. Whoever may share it adds and removes others. */
export function Followers({ shared, sharing }: { shared: Shared; sharing: Sharing }) {
  const { t } = useTranslation()
  const { person } = useMe()
  const { follow, unfollow } = useShareActions(shared)
  const [adding, setAdding] = useState(false)
  const field = useId()
  if (sharing.followers.length === 0 && !sharing.may_share) return null
  return (
    <div className={styles.followers}>
      <span className={styles.quiet}>{t('sharing.followers')}</span>
      <ul className={styles.faces} aria-label={t('sharing.followers')}>
        {sharing.followers.map((one) => (
          <li key={one.id} className={styles.face}>
            <Tooltip title={one.label}>
              <span>
                <Avatar name={one.label} size={24} />
                <span className="visually-hidden">{one.label}</span>
              </span>
            </Tooltip>
            {(sharing.may_share || one.id === person.id) && (
              <button
                type="button"
                className={styles.unface}
                aria-label={t('sharing.removeFollower', { name: one.label })}
                onClick={() => void unfollow(one.id)}
              >
                <X size={10} aria-hidden />
              </button>
            )}
          </li>
        ))}
      </ul>
      {sharing.may_share && (
        <Popover
          open={adding}
          onOpenChange={setAdding}
          trigger="click"
          arrow={false}
          destroyOnHidden
          content={
            <div className={styles.picker}>
              <label className="visually-hidden" htmlFor={field}>
                {t('sharing.addFollower')}
              </label>
              <RecordPicker
                id={field}
                object="person"
                value={null}
                autoFocus
                onChange={(next) => {
                  setAdding(false)
                  if (next) void follow([next.id])
                }}
              />
            </div>
          }
        >
          <Button
            type="text"
            size="small"
            icon={<Plus size={14} aria-hidden />}
            aria-label={t('sharing.addFollower')}
            title={t('sharing.addFollower')}
          />
        </Popover>
      )}
    </div>
  )
}
