import { useQuery } from '@tanstack/react-query'
import { Popover } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ObjectDescription, RecordData, RecordHealth } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { recordsKey } from '@/kernel/records'
import { ChoiceTag } from '@/ui/ChoiceTag'
import styles from './health.module.css'

interface HealthTagProps {
  object: ObjectDescription
  record: RecordData
}

/** How a record stands, in a word; pressed, it says why and what is to be done. */
export function HealthTag({ object, record }: HealthTagProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { data } = useQuery({
    queryKey: [...recordsKey(object.key), 'health', record.id],
    queryFn: () => api.records.health(object.key, record.id),
    enabled: object.health,
  })
  if (!data?.level) return null
  return (
    <Popover trigger="click" placement="bottomRight" content={<Reasons health={data} level={data.level} />}>
      <button
        type="button"
        className={styles.tag}
        data-health={data.level.key}
        aria-label={t('record.health.level', { level: label(data.level.label) })}
      >
        <ChoiceTag label={label(data.level.label)} color={data.level.color} />
      </button>
    </Popover>
  )
}

function Reasons({ health, level }: { health: RecordHealth; level: NonNullable<RecordHealth['level']> }) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <section className={styles.reasons} aria-label={t('record.health.title')}>
      <p className={styles.action}>{label(level.action)}</p>
      {health.signals.length === 0 && <p className={styles.quiet}>{label(level.meaning)}</p>}
      <ul className={styles.signals}>
        {health.signals.map((signal) => (
          <li key={signal.key} data-level={signal.level}>
            <span className={styles.signal}>{label(signal.label)}</span>
            <span className={styles.quiet}>{label(signal.action)}</span>
          </li>
        ))}
      </ul>
      {health.unknown.length > 0 && (
        <p className={styles.quiet}>{t('record.health.unknown', { count: health.unknown.length })}</p>
      )}
    </section>
  )
}
