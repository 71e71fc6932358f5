import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Dropdown, Input, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { Download, Search } from 'lucide-react'
import { useDeferredValue, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { AuditSearch, LinkValue } from '@/api/types'
import { RecordPicker } from '@/controls/RecordPicker'
import { useLabel } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { EmptyState } from '@/ui/EmptyState'
import { ProblemPanel } from '@/ui/ProblemView'
import { AuditEntryRow } from './AuditEntryRow'
import styles from './audit.module.css'
import { auditKindsQuery, auditQuery } from './useAudit'

type Span = [Dayjs | null, Dayjs | null] | null

/** The entries, newest first, narrowed down by time, person, kind and words. */
export function AuditLog() {
  const { t } = useTranslation()
  const label = useLabel()
  const field = useId()
  const [span, setSpan] = useState<Span>(null)
  const [person, setPerson] = useState<LinkValue | null>(null)
  const [kinds, setKinds] = useState<string | null>(null)
  const [typed, setTyped] = useState('')
  const q = useDeferredValue(typed.trim())
  const { data: groups = [] } = useQuery(auditKindsQuery)
  const search: AuditSearch = {
    since: span?.[0]?.startOf('day').toISOString() ?? null,
    until: span?.[1]?.add(1, 'day').startOf('day').toISOString() ?? null,
    person: person?.id ?? null,
    kinds,
    q: q || null,
  }
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useInfiniteQuery(
    auditQuery(search),
  )
  const entries = data?.pages.flatMap((page) => page.entries) ?? []
  const today = dayjs()
  const ranges = ([1, 7, 30, 90] as const).map((days) => ({
    label: t('audit.days', { count: days }),
    value: [today.subtract(days - 1, 'day'), today] as [Dayjs, Dayjs],
  }))
  return (
    <>
      <search className={styles.filters}>
        <Input
          className={styles.words ?? ''}
          allowClear
          prefix={<Search size={14} aria-hidden />}
          placeholder={t('audit.words')}
          aria-label={t('audit.words')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <DatePicker.RangePicker
          className={styles.span ?? ''}
          aria-label={t('audit.time')}
          presets={ranges}
          value={span}
          onChange={(value) => setSpan(value)}
          allowEmpty={[true, true]}
        />
        <Select
          className={styles.kinds ?? ''}
          allowClear
          aria-label={t('audit.kind')}
          placeholder={t('audit.kind')}
          showSearch={{ optionFilterProp: 'label' }}
          value={kinds}
          onChange={(value) => setKinds(value ?? null)}
          options={groups.map((group) => ({
            label: label(group.label),
            title: label(group.label),
            options: [
              { value: group.key, label: t('audit.all', { group: label(group.label) }) },
              ...group.kinds.map((one) => ({ value: one.kind, label: label(one.label) })),
            ],
          }))}
        />
        <div className={styles.person}>
          <label htmlFor={field} className="visually-hidden">
            {t('audit.person')}
          </label>
          <RecordPicker
            id={field}
            object="person"
            value={person}
            onChange={setPerson}
            placeholder={t('audit.person')}
          />
        </div>
        <Dropdown
          trigger={['click']}
          menu={{
            items: (['xlsx', 'csv'] as const).map((format) => ({
              key: format,
              label: <a href={api.audit.file({ ...search, format })}>{t(`list.export.${format}`)}</a>,
            })),
          }}
        >
          <Button className={styles.export ?? ''} icon={<Download size={15} aria-hidden />}>
            {t('audit.export')}
          </Button>
        </Dropdown>
      </search>
      {isPending && <Bones rows={8} />}
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {data && entries.length === 0 && <EmptyState title={t('audit.none')} hint={t('audit.noneHint')} />}
      <ol className={styles.entries} aria-label={t('audit.log')}>
        {entries.map((entry) => (
          <AuditEntryRow key={entry.id} entry={entry} />
        ))}
      </ol>
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('audit.earlier')}
        </Button>
      )}
    </>
  )
}
