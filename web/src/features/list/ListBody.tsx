import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { RefreshCw, SearchX } from 'lucide-react'
import { useCallback, useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, RecordData, State } from '@/api/types'
import { isEnterable } from '@/controls/FieldInput'
import { may } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { markCurrent, useOutdated } from '@/kernel/live'
import { refreshRecords } from '@/kernel/records'
import { useUndo } from '@/kernel/undo'
import { Bones } from '@/ui/Bones'
import { EmptyState } from '@/ui/EmptyState'
import { ObjectIcon } from '@/ui/Icon'
import { useOverlays } from '@/ui/overlays'
import { ProblemPanel } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import { usePhone } from '@/ui/usePhone'
import { BulkBar } from './bulk/BulkBar'
import { CardList } from './CardList'
import type { Column } from './columns'
import type { Figures } from './figures'
import { CellEditor } from './grid/CellEditor'
import { Grid } from './grid/Grid'
import { groupItems, recordItems } from './grid/items'
import type { Selection } from './grid/useSelection'
import styles from './list.module.css'
import { type Group, useGroups } from './useGroups'
import type { ListState } from './useListState'
import { type Question, useRows } from './useRows'

interface ListBodyProps {
  object: ObjectDescription
  state: ListState
  columns: Column[]
  /** Whether the columns are known well enough to ask. */
  ready: boolean
  question: Question
  totals: Figures | undefined
  selection: Selection
  onMove: (record: RecordData, target: State) => void
  onCreate: () => void
}

/** The records of a list: as a table, or as cards on a phone; empty and failed lists say what to do. */
export function ListBody(props: ListBodyProps) {
  const { object, state, columns, ready, question, totals, selection, onMove, onCreate } = props
  const { t } = useTranslation()
  const notify = useNotify()
  const undo = useUndo()
  const phone = usePhone()
  const navigate = useNavigate()
  const { peek } = useOverlays()
  const grouped = state.group !== null
  const rows = useRows(question, ready && !grouped)
  const groups = useGroups(object, question, columns, state.group)
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = rows
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [fetchNextPage, hasNextPage, isFetchingNextPage])

  const { dataUpdatedAt } = rows
  useEffect(() => {
    if (dataUpdatedAt) markCurrent(object.key)
  }, [dataUpdatedAt, object.key])

  const error = grouped ? groups.error : rows.error
  const pending = grouped ? groups.isPending : rows.isPending
  const items = grouped ? groupItems(groups.groups) : recordItems(rows.records, isFetchingNextPage)
  if (error && items.length === 0)
    return <ProblemPanel error={error} onRetry={() => void (grouped ? groups.refetch() : rows.refetch())} />
  if (pending) return <Bones rows={14} />
  if (items.length === 0) return <EmptyList object={object} state={state} onCreate={onCreate} />

  const open = (record: RecordData) =>
    void navigate({ to: '/o/$object/$id', params: { object: object.key, id: record.id } })
  const moreOf = (group: Group) => (group.more ? groups.showMore(group.key) : state.showOnly(group.condition))
  if (phone) {
    return (
      <CardList
        object={object}
        columns={columns}
        items={items}
        totals={totals}
        onOpen={open}
        onEnd={onEnd}
        onToggleGroup={groups.toggle}
        onMoreOfGroup={moreOf}
      />
    )
  }
  const past = state.asOf !== null
  const chooses = !past && may(object, 'bulk') && (may(object, 'edit') || may(object, 'delete'))
  return (
    <>
      <RefreshHint object={object.key} />
      <Grid
        object={object}
        columns={columns}
        items={items}
        sort={state.sort}
        totals={totals}
        selection={chooses ? selection : null}
        editable={(column) => !past && column.own && may(object, 'edit') && isEnterable(column.source.field)}
        editor={(record, column, done) => (
          <CellEditor object={object} record={record} column={column} move={onMove} done={done} />
        )}
        onSort={state.setSort}
        onGroup={state.setGroup}
        onColumns={state.setColumns}
        onWidth={state.setWidth}
        onOpen={open}
        onPeek={(record) => peek(object.key, record.id)}
        onToggleGroup={groups.toggle}
        onMoreOfGroup={moreOf}
        onUndo={() => !past && void undo().then(() => notify.done(t('common.undone')), notify.failed)}
        onEnd={onEnd}
      />
      {chooses && selection.ids.size > 0 && (
        <BulkBar object={object} selection={selection} total={totals?.count ?? null} question={question} />
      )}
    </>
  )
}

/** Says that others changed something meanwhile; the lines move only when asked. */
function RefreshHint({ object }: { object: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const outdated = useOutdated(object)
  if (!outdated) return null
  const refresh = () => {
    markCurrent(object)
    void refreshRecords(client, object)
  }
  return (
    <Button size="small" className={styles.refresh ?? ''} icon={<RefreshCw size={13} />} onClick={refresh}>
      {t('list.outdated')}
    </Button>
  )
}

function EmptyList({ object, state, onCreate }: { object: ObjectDescription; state: ListState; onCreate: () => void }) {
  const { t } = useTranslation()
  const label = useLabel()
  const name = label(object.label_plural)
  const narrowed = state.where !== null || state.q !== ''
  const clear = () => {
    state.setWhere(null)
    state.setQ('')
  }
  if (narrowed) {
    return (
      <EmptyState
        icon={<SearchX size={20} aria-hidden />}
        title={t('common.empty.noMatch', { object: name })}
        hint={t('common.empty.noMatchHint')}
        actions={<Button onClick={clear}>{t('list.clearAll')}</Button>}
      />
    )
  }
  return (
    <EmptyState
      icon={<ObjectIcon name={object.icon} size={20} />}
      title={t('common.empty.noRecords', { object: name })}
      hint={t('common.empty.noRecordsHint')}
      actions={
        may(object, 'create') && (
          <Button onClick={onCreate}>{t('common.createObject', { object: label(object.label) })}</Button>
        )
      }
    />
  )
}
