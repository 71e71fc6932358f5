import type { SortKey } from '@/api/types'

/** The most keys a list is ordered by. */
export const mostSortKeys = 5

/** The order after a click on a head: with Shift the column joins the others, otherwise it stands alone. */
export function nextSort(sort: SortKey[], field: string, join: boolean): SortKey[] {
  const known = sort.find((one) => one.field === field)
  const next: SortKey | null = !known ? { field, dir: 'asc' } : known.dir === 'asc' ? { field, dir: 'desc' } : null
  if (!join) return next ? [next] : []
  if (!known) return next ? [...sort, next].slice(0, mostSortKeys) : sort
  return sort.flatMap((one) => (one.field === field ? (next ? [next] : []) : [one]))
}
