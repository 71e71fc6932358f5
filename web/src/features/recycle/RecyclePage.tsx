import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { Button, Select, Table } from 'antd'
import { Trash2, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ObjectDescription, QueryRequest, RecordData } from '@/api/types'
import { Value } from '@/controls/Value'
import { fieldOf, may, useObject, useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { recordsKey, refreshRecords } from '@/kernel/records'
import { Bones } from '@/ui/Bones'
import { EmptyState } from '@/ui/EmptyState'
import { Page } from '@/ui/Page'
import { ProblemPanel } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import styles from './recycle.module.css'

const route = getRouteApi('/shell/recycle')
const pageSize = 50

/** What was deleted, Object by Object, and the way back. */
export function RecyclePage() {
  const { t } = useTranslation()
  const label = useLabel()
  const navigate = useNavigate()
  const objects = useObjects().filter((object) => may(object, 'delete'))
  const chosen = route.useSearch().object
  const key = objects.find((object) => object.key === chosen)?.key ?? objects[0]?.key
  return (
    <Page
      title={t('recycle.title')}
      icon={<Trash2 size={16} aria-hidden />}
      aside={
        <Select
          size="small"
          variant="filled"
          popupMatchSelectWidth={false}
          aria-label={t('recycle.object')}
          value={key ?? null}
          options={objects.map((object) => ({ value: object.key, label: label(object.label_plural) }))}
          onChange={(value) => void navigate({ to: '/recycle', search: value ? { object: value } : {}, replace: true })}
        />
      }
    >
      {key && <Deleted key={key} objectKey={key} />}
    </Page>
  )
}

function useDeleted(object: ObjectDescription) {
  const request: QueryRequest = {
    deleted: true,
    select: [object.name_field, 'updated_at', 'updated_by'],
    sort: [{ field: 'updated_at', dir: 'desc' }],
    limit: pageSize,
  }
  return useInfiniteQuery({
    queryKey: [...recordsKey(object.key), 'deleted'],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => api.records.query(object.key, { ...request, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.next_cursor,
  })
}

function Deleted({ objectKey }: { objectKey: string }) {
  const { t } = useTranslation()
  const label = useLabel()
  const notify = useNotify()
  const client = useQueryClient()
  const object = useObject(objectKey)
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useDeleted(object)
  const [selected, setSelected] = useState<string[]>([])
  const [busy, setBusy] = useState(false)

  const restore = async (ids: string[]) => {
    setBusy(true)
    try {
      const { results } = await api.records.batch(object.key, { restore: ids, all_or_nothing: false }, { door: 'bulk' })
      const refused = results.filter((one) => one.status === 'rejected')
      const done = results.length - refused.length
      if (done > 0) notify.done(t('recycle.restored', { count: done }))
      const reasons = [...new Set(refused.flatMap((one) => one.errors?.map((item) => item.message) ?? []))]
      if (reasons.length > 0) notify.failed(new Error(reasons.join(' · ')))
      setSelected([])
    } catch (thrown) {
      notify.failed(thrown)
    } finally {
      setBusy(false)
      void refreshRecords(client, object.key)
    }
  }

  if (isPending) return <Bones />
  if (error && !data) return <ProblemPanel error={error} onRetry={() => void refetch()} />
  const records = data.pages.flatMap((page) => page.records)
  if (records.length === 0) {
    return (
      <EmptyState
        icon={<Trash2 size={20} aria-hidden />}
        title={t('recycle.empty', { object: label(object.label) })}
        hint={t('recycle.emptyHint')}
      />
    )
  }
  const cell = (field: string) => (_: unknown, record: RecordData) => {
    const described = fieldOf(object, field)
    return described ? <Value field={described} object={object} record={record} value={record[field]} /> : null
  }
  return (
    <div className={styles.deleted}>
      <div className={styles.bar}>
        <Button
          icon={<Undo2 size={14} aria-hidden />}
          disabled={selected.length === 0}
          loading={busy}
          onClick={() => void restore(selected)}
        >
          {selected.length > 0 ? t('recycle.restoreSome', { count: selected.length }) : t('recycle.restore')}
        </Button>
      </div>
      <Table<RecordData>
        size="small"
        rowKey="id"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={records}
        rowSelection={{ selectedRowKeys: selected, onChange: (keys) => setSelected(keys.map(String)) }}
        columns={[
          { key: 'name', title: label(fieldOf(object, object.name_field)?.label), render: cell(object.name_field) },
          { key: 'by', title: t('recycle.by'), render: cell('updated_by') },
          { key: 'at', title: t('recycle.at'), render: cell('updated_at') },
          {
            key: 'restore',
            render: (_, record) => (
              <Button type="link" size="small" onClick={() => void restore([record.id])}>
                {t('recycle.restore')}
              </Button>
            ),
          },
        ]}
      />
      {hasNextPage && (
        <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('common.more')}
        </Button>
      )}
    </div>
  )
}
