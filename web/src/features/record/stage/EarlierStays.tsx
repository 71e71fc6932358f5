import { Ban, ChevronDown, CircleCheck, CircleDashed, Route } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Standing, Stay } from '@/api/types'
import { DueTag } from '@/controls/stage/DueTag'
import { TaskFacts } from '@/controls/stage/StageTasks'
import { dayIn, formatDay, formatDays, formatNumber } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { ChoiceTag } from '@/ui/ChoiceTag'
import styles from './stage.module.css'

/** Where the record has been before, for how long, and what was done there, by whom, with what result. */
export function EarlierStays({ standing }: { standing: Standing }) {
  const { t } = useTranslation()
  const { language } = useLocale()
  const earlier = standing.stays.filter((stay) => stay.left_at !== null).reverse()
  if (earlier.length === 0) return null
  return (
    <details className={styles.card}>
      <summary className={styles.cardHead}>
        <Route size={14} aria-hidden />
        <h3>{t('stage.stays.title')}</h3>
        <span className={styles.quiet}>{formatNumber(earlier.length, language)}</span>
        <ChevronDown size={14} aria-hidden className={styles.chevron} />
      </summary>
      <ol className={styles.stays}>
        {earlier.map((stay) => (
          <StayLine key={`${stay.state}:${stay.entered_at}`} stay={stay} />
        ))}
      </ol>
    </details>
  )
}

const marks = { open: CircleDashed, done: CircleCheck, cancelled: Ban }

function StayLine({ stay }: { stay: Stay }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language, zone, today } = useLocale()
  return (
    <li className={styles.stay}>
      <p className={styles.stayHead}>
        <ChoiceTag label={label(stay.label) || stay.state} color={stay.color} kind={stay.kind ?? undefined} />
        <span>{t('stage.dwell.stayed', { days: formatDays(stay.days, language) })}</span>
        <DueTag due={stay.due === 'over' ? 'over' : null} />
      </p>
      <p className={styles.quiet}>
        {formatDay(dayIn(stay.entered_at, zone), today, language)}
        {stay.by && ` · ${t('stage.stays.by', { person: stay.by })}`}
      </p>
      <ul className={styles.stayTasks}>
        {stay.tasks.map((task) => {
          const Mark = marks[task.status]
          return (
            <li key={task.id} data-status={task.status}>
              <Mark size={14} aria-hidden />
              <div>
                <span>{task.subject}</span>
                <TaskFacts task={task} />
              </div>
            </li>
          )
        })}
      </ul>
    </li>
  )
}
