/** What a person's lists and boards open with: kept with the person, so that it is the same in every browser. */
import { queryOptions, useMutation, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import type { Start } from '@/api/types'

export const startsQuery = queryOptions({
  queryKey: ['starts'],
  queryFn: () => api.starts.list(),
  staleTime: 5 * 60_000,
})

const isOf = (object: string, kind: Start['kind']) => (start: Start) => start.object === object && start.kind === kind

/** What the list or the board of an Object opens with. */
export function useStart(object: string, kind: Start['kind']): Pick<Start, 'view' | 'process'> {
  const { data } = useSuspenseQuery(startsQuery)
  return data.find(isOf(object, kind)) ?? { view: null, process: null }
}

/** Remembers what the list or the board of an Object opens with; what is left out stays. */
export function useSetStart(object: string, kind: Start['kind']) {
  const client = useQueryClient()
  return useMutation<Start, ApiProblem, Partial<Pick<Start, 'view' | 'process'>>>({
    mutationFn: (change) => api.starts.set(object, kind, change),
    onSuccess: (start) =>
      client.setQueryData(startsQuery.queryKey, (known) => [
        ...(known ?? []).filter((one) => !isOf(object, kind)(one)),
        start,
      ]),
  })
}
