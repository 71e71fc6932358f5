import { Link } from '@tanstack/react-router'
import { Tooltip } from 'antd'
import { ArrowRight, Link2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { AuditDetail, AuditEntry } from '@/api/types'
import { Avatar } from '@/controls/Avatar'
import { formatInstant, formatInstantExact } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import settings from '../settings.module.css'
import styles from './audit.module.css'

/** One entry in words: who, what, about what, and what stood there before and after. */
export function AuditEntryRow({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language, zone } = useLocale()
  const who = entry.actor.label || t(entry.actor.kind === 'nobody' ? 'audit.nobody' : 'audit.system')
  return (
    <li className={styles.entry} data-kind={entry.kind}>
      <Avatar name={who} size={24} />
      <div className={styles.body}>
        <div className={styles.line}>
          <strong>{who}</strong>
          <span>{label(entry.label)}</span>
          {entry.object_label && <span className={settings.mark}>{label(entry.object_label)}</span>}
          <Subject entry={entry} />
          <Tooltip title={formatInstantExact(entry.at, zone, language)}>
            <time className={styles.time} dateTime={entry.at}>
              {formatInstant(entry.at, zone, language)}
            </time>
          </Tooltip>
          <Tooltip title={entry.number === null ? t('audit.unsealed') : t('audit.sealed', { number: entry.number })}>
            <span className={styles.number}>
              <Link2 size={12} aria-hidden />
              {entry.number ?? '…'}
            </span>
          </Tooltip>
        </div>
        {entry.details.length > 0 && (
          <dl className={styles.details}>
            {entry.details.map((detail) => (
              <Detail key={`${detail.part} ${detail.value === null}`} detail={detail} />
            ))}
          </dl>
        )}
      </div>
    </li>
  )
}

function Subject({ entry }: { entry: AuditEntry }) {
  if (!entry.object || !entry.record) return null
  if (entry.record_label === null) return <span className={settings.key}>{entry.record.slice(-6)}</span>
  return (
    <Link to="/o/$object/$id" params={{ object: entry.object, id: entry.record }}>
      {entry.record_label || entry.record.slice(-6)}
    </Link>
  )
}

function Detail({ detail }: { detail: AuditDetail }) {
  const label = useLabel()
  return (
    <div className={styles.detail}>
      <dt>{label(detail.label)}</dt>
      <dd>
        {detail.value ? (
          label(detail.value)
        ) : (
          <>
            <del className={styles.before}>{detail.before && label(detail.before)}</del>
            <ArrowRight size={12} aria-hidden />
            <ins className={styles.after}>{detail.after && label(detail.after)}</ins>
          </>
        )}
      </dd>
    </div>
  )
}
