/** A grouped list: the groups with their figures, and the records of those that are open. */
import { useQueries, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { api } from '@/api/endpoints'
import type { Condition, Field, ObjectDescription, RecordData } from '@/api/types'
import { both } from '@/kernel/conditions'
import { fieldOf, processOf } from '@/kernel/describe'
import { recordsKey } from '@/kernel/records'
import type { Column } from './columns'
import { type Figures, readFigures } from './figures'
import { bodyOf, measuresOf, pageSize, type Question } from './useRows'

export interface Group extends Figures {
  key: string
  /** What its records have in common. */
  condition: Condition
  open: boolean
  records: RecordData[]
  loading: boolean
  /** Whether more records can be read into the group; the rest of a very large one only shows by itself. */
  more: boolean
}

/** The most records of one group that are read into the list: as many as the server gives at once. */
const most = 1000
/** Up to this many groups start open. */
const fewGroups = 12

const groupKinds = new Set(['choice', 'link', 'boolean', 'region', 'date', 'instant'])

/** Whether a list can be grouped by a Field. */
export const isGroupable = (field: Field): boolean => field.groupable && groupKinds.has(field.kind ?? '')

const isDay = (field: Field): boolean => field.kind === 'date' || field.kind === 'instant'

/** What a group's records have in common, as a Condition. */
export function groupCondition(field: Field, value: unknown): Condition {
  const at = field.key
  if (value === null || value === undefined) return { field: at, op: 'empty' }
  if (field.kind === 'boolean') {
    return value
      ? { field: at, op: 'is_true' }
      : {
          all: [
            { field: at, op: 'is_false' },
            { field: at, op: 'not_empty' },
          ],
        }
  }
  if (isDay(field)) {
    const month = String(value).slice(0, 7)
    const [year, number] = month.split('-').map(Number)
    const last = new Date(Date.UTC(year ?? 0, number ?? 1, 0)).getUTCDate()
    return { field: at, op: 'between', value: [`${month}-01`, `${month}-${last}`] }
  }
  return { field: at, op: 'eq', value }
}

/** Groups in the order of the choices or stages; other kinds as the server orders them, empty last. */
function inOrder(object: ObjectDescription, field: Field, groups: Figures[]): Figures[] {
  const keys =
    processOf(object, field.key)?.states.map((state) => state.key) ?? field.choices.map((choice) => choice.key)
  const place = ({ value }: Figures) => {
    if (value === null || value === undefined) return Number.MAX_SAFE_INTEGER
    const index = keys.indexOf(String(value))
    return index < 0 ? keys.length : index
  }
  return keys.length > 0 ? [...groups].sort((a, b) => place(a) - place(b)) : groups
}

export function useGroups(object: ObjectDescription, question: Question, columns: Column[], group: string | null) {
  const field = group ? fieldOf(object, group) : undefined
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set())
  const [limits, setLimits] = useState<Record<string, number>>({})
  const body = {
    ...(question.where && { where: question.where }),
    ...(question.q && { q: question.q }),
    ...(question.asOf && { as_of: question.asOf }),
    group_by: [field && isDay(field) ? { field: field.key, bucket: 'month' as const } : (field?.key ?? '')],
    measures: measuresOf(columns),
  }
  const { data, isPending, error, refetch } = useQuery({
    queryKey: [...recordsKey(object.key), 'groups', body],
    queryFn: ({ signal }) => api.records.aggregate(object.key, body, signal),
    placeholderData: (previous) => previous,
    enabled: Boolean(field) && columns.length > 0,
  })
  const falling = question.sort.some((one) => one.field === group && one.dir === 'desc')
  const figures = useMemo(() => {
    const ordered = data && field ? inOrder(object, field, readFigures(data, 1)) : []
    return falling ? ordered.reverse() : ordered
  }, [data, field, object, falling])
  const startOpen = figures.length <= fewGroups
  const entries = figures.map((one) => {
    const key = `${group}:${JSON.stringify(one.value ?? null)}`
    const condition = field ? groupCondition(field, one.value) : { all: [] }
    return { ...one, key, condition, open: startOpen !== toggled.has(key) }
  })
  const open = field ? entries.filter((one) => one.open) : []
  const results = useQueries({
    queries: open.map((one) => {
      const part = { ...question, where: both(question.where, one.condition) }
      const ask = { ...bodyOf(part), limit: Math.min(limits[one.key] ?? pageSize, most) }
      return {
        queryKey: [...recordsKey(object.key), 'group', ask],
        queryFn: ({ signal }: { signal: AbortSignal }) => api.records.query(object.key, ask, signal),
        placeholderData: (previous: { records: RecordData[]; next_cursor: string | null } | undefined) => previous,
      }
    }),
  })
  const groups: Group[] = entries.map((one) => {
    const index = open.indexOf(one)
    const result = index < 0 ? undefined : results[index]
    const records = result?.data?.records ?? []
    const limit = limits[one.key] ?? pageSize
    return {
      ...one,
      records,
      loading: Boolean(result?.isFetching && records.length < Math.min(limit, one.count)),
      more: Boolean(result?.data?.next_cursor) && limit < most,
    }
  })
  const toggle = (key: string) =>
    setToggled((known) => {
      const next = new Set(known)
      if (!next.delete(key)) next.add(key)
      return next
    })
  const showMore = (key: string) =>
    setLimits((known) => ({ ...known, [key]: Math.min((known[key] ?? pageSize) * 2, most) }))
  return { field, groups, toggle, showMore, isPending, error, refetch }
}
