import { useInfiniteQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import { ArrowRight } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { HistoryChange, HistoryEvent, ObjectDescription, RecordData } from '@/api/types'
import { Avatar } from '@/controls/Avatar'
import { isBlank, Value } from '@/controls/Value'
import { fieldOf } from '@/kernel/describe'
import { formatInstant, formatInstantExact } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { recordsKey } from '@/kernel/records'
import { useLocale } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import styles from './record.module.css'

interface HistoryProps {
  object: ObjectDescription
  record: RecordData
}

/** What happened to a record: who changed what, when, from what to what, newest first. */
export function History({ object, record }: HistoryProps) {
  const { t } = useTranslation()
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: [...recordsKey(object.key), 'history', record.id],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) => api.records.history(object.key, record.id, pageParam),
    getNextPageParam: (page) => page.next_cursor,
  })
  if (isPending) return <Bones rows={5} />
  if (error && !data) return <ProblemPanel error={error} onRetry={() => void refetch()} />
  const events = data.pages.flatMap((page) => page.events)
  if (events.length === 0) return <p className={styles.quiet}>{t('record.noHistory')}</p>
  return (
    <>
      <ol className={styles.events}>
        {events.map((event, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two events may share their moment, and the list only grows at its end
          <Event key={`${event.at}-${index}`} event={event} object={object} record={record} />
        ))}
      </ol>
      {hasNextPage && (
        <Button size="small" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('record.earlier')}
        </Button>
      )}
    </>
  )
}

const doorsWorthSaying = new Set(['import', 'api', 'bulk', 'board', 'undo', 'merge', 'rule'])

function Event({ event, object, record }: { event: HistoryEvent; object: ObjectDescription; record: RecordData }) {
  const { t } = useTranslation()
  const { language, zone } = useLocale()
  const kind = t(`record.kind.${event.kind}`)
  const door = doorsWorthSaying.has(event.door) ? t(`record.door.${event.door as 'import'}`) : null
  const changes = event.changes.filter((change) => fieldOf(object, change.field))
  return (
    <li className={styles.event}>
      <Avatar name={event.actor.label} size={24} />
      <div className={styles.eventBody}>
        <p className={styles.eventHead}>
          <strong>{event.actor.label}</strong>
          <span>{kind}</span>
          {door && <span className={styles.quiet}>{door}</span>}
          <time className={styles.when} dateTime={event.at} title={formatInstantExact(event.at, zone, language)}>
            {formatInstant(event.at, zone, language)}
          </time>
        </p>
        {event.kind === 'created' ? (
          <details className={styles.created}>
            <summary>{t('record.startValues', { count: changes.length })}</summary>
            <Changes changes={changes} object={object} record={record} created />
          </details>
        ) : (
          <Changes changes={changes} object={object} record={record} />
        )}
      </div>
    </li>
  )
}

interface ChangesProps extends HistoryProps {
  changes: HistoryChange[]
  /** At creation there is no value before. */
  created?: boolean
}

function Changes({ changes, object, record, created = false }: ChangesProps) {
  const label = useLabel()
  return (
    <ul className={styles.changes}>
      {changes.map((change) => (
        <li key={change.field}>
          <span className={styles.changeField}>{label(change.label)}</span>
          {!created && (
            <>
              <Side change={change} side="old" object={object} record={record} />
              <ArrowRight size={12} aria-hidden className={styles.arrow} />
            </>
          )}
          <Side change={change} side="new" object={object} record={record} />
        </li>
      ))}
    </ul>
  )
}

interface SideProps extends HistoryProps {
  change: HistoryChange
  side: 'old' | 'new'
}

/** One side of a change, drawn as the Field draws it; links carry the name they had. */
function Side({ change, side, object, record }: SideProps) {
  const { t } = useTranslation()
  const raw = side === 'old' ? change.old : change.new
  const name = side === 'old' ? change.old_label : change.new_label
  const field = fieldOf(object, change.field)
  if (isBlank(raw) || !field) return <span className={styles.blank}>{t('record.blank')}</span>
  const value =
    field.kind === 'link'
      ? { id: raw, label: name ?? raw }
      : field.kind === 'region'
        ? { code: raw, label: name ?? raw }
        : raw
  return (
    <span className={side === 'old' ? styles.oldValue : styles.newValue}>
      <Value field={field} object={object} record={record} value={value} />
    </span>
  )
}
