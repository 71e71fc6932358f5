import { ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FileEvent } from '@/api/types'
import { useLabel } from '@/kernel/language'
import styles from './timeline.module.css'

/** Which file, of what type and version; where it was renamed or retyped, from what to what. */
export function TimelineFile({ told }: { told: FileEvent }) {
  const { t } = useTranslation()
  const label = useLabel()
  const typeOf = (type: FileEvent['type']) => (type ? label(type.label) : t('files.untyped'))
  if (told.what === 'changed') {
    return (
      <ul className={styles.changes}>
        {told.old_title !== undefined && (
          <FileChange name={t('files.event.name')} before={told.old_title} after={told.title} />
        )}
        {told.old_type !== undefined && (
          <FileChange
            name={`${told.title} · ${t('files.type')}`}
            before={typeOf(told.old_type)}
            after={typeOf(told.type)}
          />
        )}
      </ul>
    )
  }
  const facts = [
    told.title,
    told.type && label(told.type.label),
    told.what === 'version' && t('files.version', { number: told.version }),
  ]
  return <p>{facts.filter(Boolean).join(' · ')}</p>
}

function FileChange({ name, before, after }: { name: string; before: string; after: string }) {
  return (
    <li>
      <span className={styles.changeField}>{name}</span>
      <span className={styles.oldValue}>{before}</span>
      <ArrowRight size={12} aria-hidden className={styles.arrow} />
      <span className={styles.newValue}>{after}</span>
    </li>
  )
}
