/**
 * What a list shows: the saved view, with what the address changes on top of it, with this browser's column widths.
 * The address holds view, filter, order, grouping and search words, so that any list can be sent as a link.
 */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo, useState } from 'react'
import type { Condition, ObjectDescription, SortKey, View, ViewDefinition } from '@/api/types'
import { pastMoment } from '@/controls/asof/moments'
import { usePresets } from '@/controls/views/usePresets'
import { useViews } from '@/controls/views/useViews'
import { both, isEmptyCondition, sameCondition } from '@/kernel/conditions'
import { fieldOf } from '@/kernel/describe'
import { useStart } from '@/kernel/starts'
import { type ColumnSetting, startColumns } from './columns'
import { isGroupable } from './useGroups'

interface Stored {
  columns?: string[]
  widths: Record<string, number>
}

const storageKey = (object: string, view: string) => `liaoran.columns.${object}.${view}`

function readStored(object: string, view: string): Stored {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey(object, view)) ?? 'null') as Stored | null
    return stored && typeof stored.widths === 'object' ? stored : { widths: {} }
  } catch {
    return { widths: {} }
  }
}

/** Column order and widths as this browser remembers them for one view. */
function useStoredColumns(object: string, view: string) {
  const place = storageKey(object, view)
  const [kept, setKept] = useState(() => ({ place, stored: readStored(object, view) }))
  const current = kept.place === place ? kept.stored : readStored(object, view)
  const write = useCallback(
    (change: (stored: Stored) => Stored) => {
      const next = change(readStored(object, view))
      localStorage.setItem(place, JSON.stringify(next))
      setKept({ place, stored: next })
    },
    [object, view, place],
  )
  return { stored: current, write }
}

export interface ListState {
  views: View[]
  presets: View[]
  view: View | null
  where: Condition | null
  sort: SortKey[]
  group: string | null
  q: string
  /** The past moment at which the list is seen; null for now. */
  asOf: string | null
  columns: ColumnSetting[]
  widths: Record<string, number>
  changed: boolean
  definition: () => ViewDefinition
  setWhere: (where: Condition | null) => void
  setSort: (sort: SortKey[]) => void
  setGroup: (group: string | null) => void
  /** Narrows to one group and shows it ungrouped. */
  showOnly: (condition: Condition) => void
  setQ: (q: string) => void
  setAsOf: (moment: string | null) => void
  setColumns: (columns: string[]) => void
  setWidth: (column: string, width: number) => void
  setView: (view: string | null) => void
  reset: () => void
}

/** Another view is seen at the same moment. */
const moment = ({ as_of }: { as_of?: string }) => (as_of ? { as_of } : {})

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export function useListState(object: ObjectDescription): ListState {
  const search = useSearch({ from: '/shell/o/$object' })
  const navigate = useNavigate({ from: '/o/$object' })
  const { views } = useViews(object.key, 'list')
  const presets = usePresets(object, 'list')
  const start = useStart(object.key, 'list')
  const wanted = search.view ?? start.view ?? 'all'
  const view = [...presets, ...views].find((one) => one.id === wanted) ?? null
  const { stored, write } = useStoredColumns(object.key, view?.id ?? 'all')

  const saved = view?.definition ?? {}
  const savedSort = saved.sort ?? object.layouts.list?.sort ?? []
  const savedColumns = useMemo(
    () => (saved.columns?.length ? saved.columns : startColumns(object)),
    [saved.columns, object],
  )
  const where =
    search.where === undefined ? (saved.where ?? null) : isEmptyCondition(search.where) ? null : search.where
  const sort = search.sort ?? savedSort
  const wantedGroup = search.group === undefined ? saved.group : search.group
  const groupField = wantedGroup ? fieldOf(object, wantedGroup) : undefined
  const group = groupField && isGroupable(groupField) ? groupField.key : null
  const columns = useMemo<ColumnSetting[]>(() => {
    if (!stored.columns) return savedColumns
    return stored.columns.map((key) => savedColumns.find((one) => one.key === key) ?? { key })
  }, [stored.columns, savedColumns])

  const asOf = pastMoment(object, search.as_of)
  const go = (change: object) => void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true })
  const definition = (): ViewDefinition => ({
    ...(where && { where }),
    ...(group && { group }),
    sort,
    columns: columns.map(({ key, width }) => {
      const known = stored.widths[key] ?? width
      return known ? { key, width: Math.round(known) } : { key }
    }),
  })
  return {
    views,
    presets,
    view,
    where,
    sort,
    group,
    // The past is kept without the words of a search.
    q: asOf ? '' : (search.q ?? ''),
    asOf,
    columns,
    widths: stored.widths,
    changed:
      !sameCondition(where, saved.where) ||
      !same(sort, savedSort) ||
      group !== (saved.group ?? null) ||
      !same(
        columns.map((one) => one.key),
        savedColumns.map((one) => one.key),
      ),
    definition,
    setWhere: (next) => go({ where: sameCondition(next, saved.where) ? undefined : (next ?? { all: [] }) }),
    setSort: (next) => go({ sort: same(next, savedSort) ? undefined : next }),
    setGroup: (next) => go({ group: next === (saved.group ?? null) ? undefined : (next ?? '-') }),
    showOnly: (condition) => go({ where: both(where, condition) ?? undefined, group: saved.group ? '-' : undefined }),
    setQ: (next) => go({ q: next || undefined }),
    setAsOf: (next) => go({ as_of: next ?? undefined, q: undefined }),
    setColumns: (next) =>
      write(({ widths }) =>
        same(
          next,
          savedColumns.map((one) => one.key),
        )
          ? { widths }
          : { widths, columns: next },
      ),
    setWidth: (column, width) => write((known) => ({ ...known, widths: { ...known.widths, [column]: width } })),
    setView: (next) => void navigate({ search: (previous) => ({ ...moment(previous), view: next ?? 'all' }) }),
    reset: () => {
      write(({ widths }) => ({ widths }))
      void navigate({
        search: (previous) => ({
          ...moment(previous),
          ...(previous.view && { view: previous.view }),
          ...(previous.q && { q: previous.q }),
        }),
      })
    },
  }
}
