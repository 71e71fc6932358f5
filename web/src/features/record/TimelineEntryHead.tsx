import type { ReactNode } from 'react'
import { dayIn, formatDay, formatDayExact, formatInstant, formatInstantExact } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import styles from './timeline.module.css'

interface TimelineEntryHeadProps {
  at: string
  /** The day, where there is no time of day. */
  on?: string | null
  children: ReactNode
}

/** The first line of an entry: who and what, and at its end when. */
export function TimelineEntryHead({ at, on, children }: TimelineEntryHeadProps) {
  const { language, zone } = useLocale()
  return (
    <p className={styles.head}>
      {children}
      <time
        className={styles.when}
        dateTime={on ?? at}
        title={on ? formatDayExact(on, language) : formatInstantExact(at, zone, language)}
      >
        {on ? formatDay(on, dayIn(Date.now(), zone), language) : formatInstant(at, zone, language)}
      </time>
    </p>
  )
}
