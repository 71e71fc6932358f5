/** Counts and sums out of an aggregate answer, whose rows are split by currency wherever amounts are summed. */
import type { AggregateResult } from '@/api/types'

/** Sums of one column by currency; plain numbers stand under the empty key. */
export type Sums = Record<string, number>

export interface Figures {
  /** The value of the group, as the server gave it; undefined for the whole. */
  value: unknown
  count: number
  sums: Record<string, Sums>
}

/** One entry per group of the first `groups` columns; always at least one entry where there is no grouping. */
export function readFigures(result: AggregateResult, groups: number): Figures[] {
  const found = new Map<string, Figures>()
  if (groups === 0) found.set('[]', { value: undefined, count: 0, sums: {} })
  const currencies = result.columns.flatMap((column, index) =>
    column.kind === 'group' && index >= groups ? [index] : [],
  )
  for (const row of result.rows) {
    const key = JSON.stringify(row.slice(0, groups))
    const figures = found.get(key) ?? { value: row[0], count: 0, sums: {} }
    found.set(key, figures)
    const currency = currencies.map((index) => row[index]).find((one) => typeof one === 'string')
    for (const [index, column] of result.columns.entries()) {
      if (column.kind !== 'measure') continue
      const value = Number(row[index] ?? 0)
      if (column.fn === 'count') figures.count += value
      else if (column.field && row[index] !== null) {
        const sums = figures.sums[column.field] ?? {}
        figures.sums[column.field] = sums
        const under = typeof currency === 'string' ? currency : ''
        sums[under] = (sums[under] ?? 0) + value
      }
    }
  }
  return [...found.values()]
}
