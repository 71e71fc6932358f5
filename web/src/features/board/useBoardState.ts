/** What a board shows: the saved view, with what the address changes on top of it. */
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Condition, ObjectDescription, Process, SortKey, View, ViewDefinition } from '@/api/types'
import { pastMoment } from '@/controls/asof/moments'
import { usePresets } from '@/controls/views/usePresets'
import { useViews } from '@/controls/views/useViews'
import { isEmptyCondition, sameCondition } from '@/kernel/conditions'
import { fieldOf, processOf } from '@/kernel/describe'
import { useSetStart, useStart } from '@/kernel/starts'
import type { BoardQuestion } from './useBoard'

export type SortName = 'recent' | 'amount' | 'due'

/** The orders worth having on a board, as far as the Object has the Fields for them. */
export function sortsOf(object: ObjectDescription, process: Process): Partial<Record<SortName, SortKey[]>> {
  const due = object.layouts.board?.card?.find((key) => fieldOf(object, key)?.kind === 'date')
  return {
    recent: [{ field: 'updated_at', dir: 'desc' }],
    ...(process.sum_field && { amount: [{ field: process.sum_field, dir: 'desc' as const }] }),
    ...(due && { due: [{ field: due, dir: 'asc' as const }] }),
  }
}

/** Another view is seen at the same moment. */
const moment = ({ as_of }: { as_of?: string }) => (as_of ? { as_of } : {})

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export interface BoardState {
  question: BoardQuestion
  views: View[]
  presets: View[]
  view: View | null
  where: Condition | null
  sortName: SortName
  changed: boolean
  definition: () => ViewDefinition
  setWhere: (where: Condition | null) => void
  setSort: (sort: SortName) => void
  setQ: (q: string) => void
  setAsOf: (moment: string | null) => void
  setView: (view: string | null) => void
  setProcess: (process: string) => void
  reset: () => void
}

/** The Process whose board to show: the one asked for, the view's, the one used last, or the Object's default. */
export function useBoardProcess(object: ObjectDescription): Process | undefined {
  const search = useSearch({ from: '/shell/o/$object/board' })
  const start = useStart(object.key, 'board')
  const { views } = useViews(object.key, 'board')
  const view = views.find((one) => one.id === (search.view ?? start.view))
  const keys = [search.process, view?.definition.process, start.process]
  const [first] = object.processes
  return (
    keys.map((key) => object.processes.find((one) => one.key === key)).find((one) => one !== undefined) ??
    (first && processOf(object, first.field))
  )
}

export function useBoardState(object: ObjectDescription, process: Process): BoardState {
  const search = useSearch({ from: '/shell/o/$object/board' })
  const navigate = useNavigate({ from: '/o/$object/board' })
  const { views } = useViews(object.key, 'board')
  const presets = usePresets(object, 'board')
  const start = useStart(object.key, 'board')
  const setStart = useSetStart(object.key, 'board')
  const wanted = search.view ?? start.view ?? 'all'
  const view = [...presets, ...views].find((one) => one.id === wanted) ?? null
  const saved = view?.definition ?? {}
  const sorts = useMemo(() => sortsOf(object, process), [object, process])
  const savedSort = saved.sort ?? sorts.recent ?? []
  const sort = search.sort ?? savedSort
  const where =
    search.where === undefined ? (saved.where ?? null) : isEmptyCondition(search.where) ? null : search.where
  const asOf = pastMoment(object, search.as_of)
  // The past is kept without the words of a search.
  const q = asOf ? '' : (search.q ?? '')
  // The question is part of cache keys, so it stays the same object while its content does.
  const written = JSON.stringify({ where, sort, ...(q && { q }), ...(asOf && { as_of: asOf }) })
  const question = useMemo(() => JSON.parse(written) as BoardQuestion, [written])
  const names = Object.keys(sorts) as SortName[]
  const go = (change: object) => void navigate({ search: (previous) => ({ ...previous, ...change }), replace: true })
  return {
    question,
    views,
    presets,
    view,
    where,
    sortName: names.find((name) => same(sorts[name], sort)) ?? 'recent',
    changed: !sameCondition(where, saved.where) || !same(sort, savedSort),
    definition: () => ({ ...(where && { where }), sort, process: process.key }),
    setWhere: (next) => go({ where: sameCondition(next, saved.where) ? undefined : (next ?? { all: [] }) }),
    setSort: (name) => go({ sort: same(sorts[name], savedSort) ? undefined : sorts[name] }),
    setQ: (next) => go({ q: next || undefined }),
    setAsOf: (next) => go({ as_of: next ?? undefined, q: undefined }),
    setView: (next) => void navigate({ search: (previous) => ({ ...moment(previous), view: next ?? 'all' }) }),
    setProcess: (next) => {
      setStart.mutate({ process: next })
      go({ process: next })
    },
    reset: () =>
      void navigate({
        search: (previous) => ({
          ...moment(previous),
          ...(previous.view && { view: previous.view }),
          ...(previous.process && { process: previous.process }),
        }),
      }),
  }
}
