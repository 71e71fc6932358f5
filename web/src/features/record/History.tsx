import { useInfiniteQuery } from '@tanstack/react-query'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ObjectDescription, RecordData, TimelineEntry } from '@/api/types'
import { timelineKey } from '@/kernel/records'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import { TimelineActivity } from './TimelineActivity'
import { TimelineChange } from './TimelineChange'
import { TimelineStage } from './TimelineStage'
import styles from './timeline.module.css'

interface HistoryProps {
  object: ObjectDescription
  record: RecordData
}

type Shown = 'all' | TimelineEntry['type']

/** What happened around a record, newest first: its changes, its stages, and the activities that belong to it. */
export function History({ object, record }: HistoryProps) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<Shown>('all')
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery({
    queryKey: [...timelineKey(object.key, record.id), shown],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.records.timeline(object.key, record.id, { cursor: pageParam, kinds: shown === 'all' ? null : shown }),
    getNextPageParam: (page) => page.next_cursor,
  })
  const entries = data?.pages.flatMap((page) => page.entries) ?? []
  const coming = entries.filter(isToCome)
  const past = entries.filter((entry) => !isToCome(entry))
  return (
    <>
      <Segmented<Shown>
        className={styles.filter ?? ''}
        size="small"
        aria-label={t('record.timeline.filter')}
        value={shown}
        onChange={setShown}
        options={kindsOf(object).map((value) => ({ value, label: t(`record.timeline.${value}`) }))}
      />
      {isPending && <Bones rows={5} />}
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {data && entries.length === 0 && <p className={styles.quiet}>{t('record.noHistory')}</p>}
      {coming.length > 0 && <h3 className={styles.heading}>{t('record.timeline.toCome')}</h3>}
      <Entries entries={coming} object={object} record={record} />
      {coming.length > 0 && past.length > 0 && <h3 className={styles.heading}>{t('record.timeline.past')}</h3>}
      <Entries entries={past} object={object} record={record} />
      {hasNextPage && (
        <Button size="small" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('record.earlier')}
        </Button>
      )}
    </>
  )
}

/** Only what an Object can have is offered. */
function kindsOf(object: ObjectDescription): Shown[] {
  return [
    'all',
    'change',
    ...(object.processes.length > 0 ? (['stage'] as const) : []),
    ...(object.related.length > 0 ? (['activity'] as const) : []),
  ]
}

const isToCome = (entry: TimelineEntry): boolean => entry.type === 'activity' && Date.parse(entry.at) > Date.now()

function Entries({ entries, object, record }: HistoryProps & { entries: TimelineEntry[] }) {
  if (entries.length === 0) return null
  return (
    <ol className={styles.entries}>
      {entries.map((entry) => {
        if (entry.type === 'activity') return <TimelineActivity key={entry.id} entry={entry} />
        if (entry.type === 'change') {
          return <TimelineChange key={entry.id} event={entry} object={object} record={record} />
        }
        return (
          <TimelineStage key={`${entry.process} ${entry.entered_at} ${entry.state}`} stay={entry} object={object} />
        )
      })}
    </ol>
  )
}
