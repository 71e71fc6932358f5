import { DatePicker, Input, Modal, Segmented, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import timezone from 'dayjs/plugin/timezone'
import utc from 'dayjs/plugin/utc'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkValue, Share, ShareLevel, Sharing } from '@/api/types'
import { RecordPicker } from '@/controls/RecordPicker'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { ProblemNote } from '@/ui/ProblemView'
import styles from './sharing.module.css'
import { type Shared, takerOf, useGiveShare, useShareActions } from './useSharing'

dayjs.extend(utc)
dayjs.extend(timezone)

interface ShareDialogProps {
  shared: Shared
  sharing: Sharing
  /** The share to change; left out, a new one is given. */
  share?: Share
  onClose: () => void
}

/** The last moment of a day in the actor's zone: a share "until" a day holds on that day. */
const endOf = (day: Dayjs, zone: string): string => dayjs.tz(`${day.format('YYYY-MM-DD')}T23:59:59`, zone).toISOString()

/** Shares a record with a person or a department, or changes such a share: as what, how far, until when. */
export function ShareDialog({ shared, sharing, share, onClose }: ShareDialogProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const field = useId()
  const [kind, setKind] = useState<'person' | 'department'>('person')
  const [taker, setTaker] = useState<LinkValue | null>(null)
  const [role, setRole] = useState<string | null>(share?.role ?? null)
  const [level, setLevel] = useState<ShareLevel>(share?.level ?? 'read')
  const { zone, today } = useLocale()
  const [end, setEnd] = useState<string | null>(share?.ends_at ?? null)
  const [note, setNote] = useState(share?.note ?? '')
  const give = useGiveShare(shared, onClose)
  const { change } = useShareActions(shared)
  const ofPerson = share ? share.person !== null : kind === 'person'
  const roles = sharing.roles.filter((one) => one.given)
  const chooseRole = (key: string | undefined) => {
    setRole(key ?? null)
    const usual = roles.find((one) => one.key === key)?.usual
    if (usual) setLevel(usual === 'edit' && !sharing.may_give_edit ? 'read' : usual)
  }
  const send = () => {
    const body = { level, role: ofPerson ? role : null, ends_at: end, note: note.trim() || null }
    if (share) {
      onClose()
      void change(share, body)
    } else if (taker) {
      give.mutate({ ...body, [kind]: taker.id })
    }
  }
  return (
    <Modal
      open
      title={share ? t('sharing.changeOf', { name: takerOf(share) }) : t('sharing.add')}
      okText={t(share ? 'common.save' : 'sharing.give')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: !share && !taker, loading: give.isPending }}
      onOk={send}
      onCancel={onClose}
    >
      <div className={styles.form}>
        {!share && (
          <>
            <Segmented
              value={kind}
              options={(['person', 'department'] as const).map((one) => ({
                value: one,
                label: t(`sharing.to.${one}`),
              }))}
              onChange={(next) => {
                setKind(next)
                setTaker(null)
              }}
            />
            <label className="visually-hidden" htmlFor={`${field}-taker`}>
              {t(`sharing.to.${kind}`)}
            </label>
            <RecordPicker key={kind} id={`${field}-taker`} object={kind} value={taker} onChange={setTaker} autoFocus />
          </>
        )}
        {ofPerson && (
          <div className={styles.field}>
            <label htmlFor={`${field}-role`}>{t('sharing.role')}</label>
            <Select
              id={`${field}-role`}
              allowClear
              placeholder={t('sharing.noRole')}
              value={role}
              options={roles.map((one) => ({ value: one.key, label: label(one.label) }))}
              onChange={chooseRole}
            />
          </div>
        )}
        <div className={styles.field}>
          <span id={`${field}-level`}>{t('sharing.right')}</span>
          <Segmented
            aria-labelledby={`${field}-level`}
            value={level}
            options={[
              { value: 'read' as const, label: t('sharing.level.read') },
              { value: 'edit' as const, label: t('sharing.level.edit'), disabled: !sharing.may_give_edit },
            ]}
            onChange={setLevel}
          />
        </div>
        <div className={styles.field}>
          <label htmlFor={`${field}-end`}>{t('sharing.until')}</label>
          <DatePicker
            id={`${field}-end`}
            placeholder={t('sharing.forGood')}
            value={end ? dayjs(dayjs(end).tz(zone).format('YYYY-MM-DD')) : null}
            minDate={dayjs(today)}
            onChange={(day) => setEnd(day ? endOf(day, zone) : null)}
          />
        </div>
        <div className={styles.field}>
          <label htmlFor={`${field}-note`}>{t('sharing.note')}</label>
          <Input id={`${field}-note`} maxLength={500} value={note} onChange={(event) => setNote(event.target.value)} />
        </div>
        {give.error && <ProblemNote error={give.error} />}
      </div>
    </Modal>
  )
}
