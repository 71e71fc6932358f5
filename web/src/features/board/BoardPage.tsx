import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Button, Input, Segmented, Select } from 'antd'
import { LayoutList, Plus, Search, SquareKanban } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, Process, SortKey } from '@/api/types'
import { fieldOf, may, processOf, useObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { EmptyState } from '@/ui/EmptyState'
import { ObjectIcon } from '@/ui/Icon'
import { useOverlays } from '@/ui/overlays'
import { Page } from '@/ui/Page'
import { Board } from './Board'
import styles from './board.module.css'
import type { BoardQuestion } from './useBoard'

const route = getRouteApi('/shell/o/$object/board')

type SortName = 'recent' | 'amount' | 'close'

/** The orders worth having on a board, as far as the Object has the Fields for them. */
function sortsOf(object: ObjectDescription, process: Process): Partial<Record<SortName, SortKey[]>> {
  const due = object.layouts.board?.card?.find((key) => fieldOf(object, key)?.type === 'date')
  return {
    recent: [{ field: 'updated_at', dir: 'desc' }],
    ...(process.sum_field && { amount: [{ field: process.sum_field, dir: 'desc' as const }] }),
    ...(due && { close: [{ field: due, dir: 'asc' as const }] }),
  }
}

/** The board of an Object's Process. An Object without one says so and offers the list. */
export function BoardPage() {
  const { object: key } = route.useParams()
  const object = useObject(key)
  const search = route.useSearch()
  const process = object.processes.find((one) => one.key === search.process) ?? defaultProcess(object)
  return process ? <ProcessBoard object={object} process={process} /> : <NoProcess object={object} />
}

const defaultProcess = (object: ObjectDescription): Process | undefined =>
  object.processes[0] && processOf(object, object.processes[0].field)

function NoProcess({ object }: { object: ObjectDescription }) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <Page title={label(object.label_plural)} icon={<ObjectIcon name={object.icon} />}>
      <EmptyState
        icon={<SquareKanban size={20} aria-hidden />}
        title={t('board.noProcess', { object: label(object.label) })}
        hint={t('board.noProcessHint')}
        actions={
          <Link to="/o/$object" params={{ object: object.key }}>
            {t('board.openList')}
          </Link>
        }
      />
    </Page>
  )
}

function ProcessBoard({ object, process }: { object: ObjectDescription; process: Process }) {
  const { t } = useTranslation()
  const label = useLabel()
  const overlays = useOverlays()
  const navigate = useNavigate()
  const search = route.useSearch()
  const sorts = useMemo(() => sortsOf(object, process), [object, process])
  const [sortName, setSortName] = useState<SortName>('recent')
  const question = useMemo<BoardQuestion>(
    () => ({
      where: search.where ?? null,
      q: search.q,
      sort: search.sort ?? sorts[sortName] ?? [],
      as_of: search.as_of,
    }),
    [search.where, search.q, search.sort, search.as_of, sorts, sortName],
  )
  const change = (next: Partial<typeof search>) =>
    navigate({
      to: '/o/$object/board',
      params: { object: object.key },
      search: { ...search, ...next },
      replace: true,
    })
  const create = () =>
    overlays.create({
      object: object.key,
      ...(process.process_field && { values: { [process.process_field]: process.key } }),
    })
  return (
    <Page
      fill
      title={label(object.label_plural)}
      icon={<ObjectIcon name={object.icon} />}
      aside={
        <>
          <Segmented
            size="small"
            value="board"
            options={[
              { value: 'list', label: t('board.asList'), icon: <LayoutList size={14} aria-hidden /> },
              { value: 'board', label: t('board.asBoard'), icon: <SquareKanban size={14} aria-hidden /> },
            ]}
            onChange={(value) =>
              value === 'list' && navigate({ to: '/o/$object', params: { object: object.key }, search: {} })
            }
          />
          {object.processes.length > 1 && (
            <Select
              size="small"
              variant="filled"
              popupMatchSelectWidth={false}
              aria-label={t('board.asBoard')}
              value={process.key}
              options={object.processes.map((one) => ({ value: one.key, label: label(one.label) }))}
              onChange={(value) => change({ process: value })}
            />
          )}
        </>
      }
      actions={
        may(object, 'create') && (
          <Button type="primary" icon={<Plus size={16} aria-hidden />} onClick={create}>
            {t('common.createObject', { object: label(object.label) })}
          </Button>
        )
      }
      toolbar={
        <>
          <Input
            className={styles.search ?? ''}
            allowClear
            size="small"
            prefix={<Search size={14} aria-hidden />}
            placeholder={t('board.searchHint')}
            aria-label={t('common.search')}
            defaultValue={search.q ?? ''}
            onChange={(event) => change({ q: event.target.value.trim() || undefined } as Partial<typeof search>)}
          />
          <Select
            size="small"
            variant="borderless"
            popupMatchSelectWidth={false}
            aria-label={t('board.sortBy')}
            value={sortName}
            options={(Object.keys(sorts) as SortName[]).map((name) => ({
              value: name,
              label: t(`board.sort.${name}`),
            }))}
            onChange={setSortName}
          />
        </>
      }
    >
      <Board object={object} process={process} question={question} />
    </Page>
  )
}
