/** The Processes that the chosen records are in. */
import { useQuery } from '@tanstack/react-query'
import { api } from '@/api/endpoints'
import type { ObjectDescription, Process } from '@/api/types'
import { recordsKey } from '@/kernel/records'

/** Of more records nobody asks which Process each is in. */
const most = 500

export interface ChosenProcesses {
  /** All Processes of the Object, those of most of the chosen records first. */
  ordered: Process[]
  /** The one that all of the chosen records are in; undefined where they are in several, or it is not known. */
  common: Process | undefined
  /** Until it is known which they are in. */
  pending: boolean
}

/** Reads which Processes the records are in; where the Object has but one, it is that one at once. */
export function useChosenProcesses(object: ObjectDescription, ids: string[]): ChosenProcesses {
  const all = object.processes
  const named = all[0]?.process_field
  const ask = all.length > 1 && Boolean(named) && ids.length <= most
  const body = {
    where: { field: 'id', op: 'in', value: ids },
    group_by: named ? [named] : [],
    measures: [{ fn: 'count' as const }],
  }
  const { data, isPending } = useQuery({
    queryKey: [...recordsKey(object.key), 'processes', ids],
    queryFn: ({ signal }) => api.records.aggregate(object.key, body, signal),
    enabled: ask,
  })
  if (all.length === 1) return { ordered: all, common: all[0], pending: false }
  return { ...byNumber(all, data?.rows ?? []), pending: ask && isPending }
}

/** `rows` hold the key of a Process and how many records are in it. */
export function byNumber(all: Process[], rows: unknown[][]): Omit<ChosenProcesses, 'pending'> {
  const counts = new Map(rows.map(([key, count]) => [key, Number(count)]))
  const count = (one: Process) => counts.get(one.key) ?? 0
  const ordered = [...all].sort((one, other) => count(other) - count(one))
  return { ordered, common: counts.size === 1 ? all.find((one) => counts.has(one.key)) : undefined }
}
