/** The records of a list, page by page, and the figures under its columns. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { api } from '@/api/endpoints'
import type { Condition, Measure, RecordData, SortKey } from '@/api/types'
import { recordsKey } from '@/kernel/records'
import { type Column, isSummable } from './columns'
import { type Figures, readFigures } from './figures'

export const pageSize = 100

export interface Question {
  object: string
  where: Condition | null
  sort: SortKey[]
  q: string
  /** The past moment to read at; null for now. */
  asOf: string | null
  select: string[]
}

/** The body of a query; what is empty is left out. */
export const bodyOf = ({ where, sort, q, asOf, select }: Omit<Question, 'object'>) => ({
  ...(where && { where }),
  ...(sort.length > 0 && { sort }),
  ...(q && { q }),
  ...(asOf && { as_of: asOf }),
  select,
})

export function useRows(question: Question, enabled: boolean) {
  const { object } = question
  const body = bodyOf(question)
  const query = useInfiniteQuery({
    queryKey: [...recordsKey(object), 'list', body],
    queryFn: ({ pageParam, signal }) =>
      api.records.query(object, { ...body, limit: pageSize, ...(pageParam && { cursor: pageParam }) }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (previous) => previous,
    enabled,
  })
  const records: RecordData[] = query.data?.pages.flatMap((page) => page.records) ?? []
  return { ...query, records }
}

/** Count, and the sums of the columns that have one. The server splits amounts by currency. */
export const measuresOf = (columns: Column[]): Measure[] => [
  { fn: 'count' },
  ...columns
    .filter(isSummable)
    .slice(0, 19)
    .map((column) => ({ fn: 'sum' as const, field: column.path })),
]

export function useTotals(question: Question, columns: Column[]): Figures | undefined {
  const { object, where, q, asOf } = question
  const body = {
    ...(where && { where }),
    ...(q && { q }),
    ...(asOf && { as_of: asOf }),
    measures: measuresOf(columns),
  }
  const { data } = useQuery({
    queryKey: [...recordsKey(object), 'totals', body],
    queryFn: ({ signal }) => api.records.aggregate(object, body, signal),
    placeholderData: (previous) => previous,
    enabled: columns.length > 0,
  })
  return data && readFigures(data, 0)[0]
}
