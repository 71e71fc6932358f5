import { ArrowRight, Milestone } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, TimelineStay } from '@/api/types'
import { formatDays } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import { ChoiceTag } from '@/ui/ChoiceTag'
import { TimelineEntryHead } from './TimelineEntryHead'
import styles from './timeline.module.css'

/** An entry into a state: from where, by whom, what was said about it, how long it lasted. */
export function TimelineStage({ stay, object }: { stay: TimelineStay; object: ObjectDescription }) {
  const { t } = useTranslation()
  const label = useLabel()
  const language = useLanguage()
  const states = object.processes.find((process) => process.key === stay.process)?.states
  const former = states?.find((state) => state.key === stay.from)
  return (
    <li className={styles.entry}>
      <span className={styles.mark}>
        <Milestone size={14} strokeWidth={1.75} aria-hidden />
      </span>
      <div className={styles.body}>
        <TimelineEntryHead at={stay.at}>
          {stay.by && <strong>{stay.by}</strong>}
          <span>{t(stay.from ? 'record.timeline.moved' : 'record.timeline.began')}</span>
        </TimelineEntryHead>
        <p className={styles.line}>
          {stay.from && (
            <>
              <ChoiceTag label={label(stay.from_label) || stay.from} color={former?.color} kind={former?.kind} />
              <ArrowRight size={12} aria-hidden className={styles.arrow} />
            </>
          )}
          <ChoiceTag label={label(stay.label) || stay.state} color={stay.color} kind={stay.kind ?? undefined} />
          {stay.left_at && (
            <span className={styles.quiet}>
              {t('record.timeline.stayed', { days: formatDays(stay.days, language) })}
            </span>
          )}
        </p>
        {stay.note && <p className={styles.note}>{stay.note}</p>}
      </div>
    </li>
  )
}
