import { Tooltip } from 'antd'
import { MessageCircle, MessageCircleOff } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, RecordData, Standing } from '@/api/types'
import { DueTag } from '@/controls/stage/DueTag'
import { useStanding } from '@/controls/stage/useStanding'
import { formatDays, formatInstant } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import styles from './stage.module.css'

/** Where the record is, in one line, with how long it has been there and whether it is being followed up. */
export function StageAnswer({ object, record }: { object: ObjectDescription; record: RecordData }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language } = useLocale()
  const { data } = useStanding(object, record.id)
  if (!data?.answer || !data.state) return null
  const open = data.state.kind === 'open'
  const { dwell, follow_up: followUp } = data
  const limit = dwell?.target_days ?? dwell?.maximum_days
  return (
    <section className={styles.answer} aria-label={t('stage.answer')}>
      <p className={styles.line}>{label(data.answer)}</p>
      {open && dwell && (
        <span className={styles.fact}>
          {t('stage.dwell.stayed', { days: formatDays(dwell.days, language) })}
          {limit !== null && limit !== undefined && (
            <span className={styles.quiet}>{t('stage.dwell.of', { days: formatDays(limit, language) })}</span>
          )}
          <DueTag due={dwell.due} />
        </span>
      )}
      {open && followUp && <FollowUp followUp={followUp} />}
    </section>
  )
}

function FollowUp({ followUp }: { followUp: NonNullable<Standing['follow_up']> }) {
  const { t } = useTranslation()
  const { language, zone } = useLocale()
  const { done, due, interval_days: interval, last_at: at, days } = followUp
  const last = at ? formatInstant(at, zone, language) : t('stage.followUp.never')
  const hint =
    interval === null
      ? t('stage.followUp.hintOpen', { last })
      : t('stage.followUp.hint', { days: formatDays(interval, language), last })
  const late = due === 'over'
  const Shape = done ? MessageCircle : MessageCircleOff
  return (
    <Tooltip title={hint}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the hint is there for the keyboard as well */}
      <span className={styles.fact} data-state={done ? 'done' : late ? 'late' : 'open'} tabIndex={0}>
        <Shape size={14} aria-hidden />
        {late
          ? t('stage.followUp.over', { days: formatDays(days, language) })
          : t(`stage.followUp.${done ? 'done' : 'not'}`)}
      </span>
    </Tooltip>
  )
}
