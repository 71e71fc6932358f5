/** Saved views: their list and their changes. */
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import type { View, ViewDefinition } from '@/api/types'

export const viewsQuery = (object: string) =>
  queryOptions({ queryKey: ['views', object], queryFn: () => api.views.list(object), staleTime: 60_000 })

/** The actor's own and all shared views of one kind. */
export function useViews(object: string, kind: View['kind']): { views: View[]; ready: boolean } {
  const { data, isSuccess } = useQuery(viewsQuery(object))
  return { views: (data ?? []).filter((view) => view.kind === kind), ready: isSuccess }
}

export function useViewChanges(object: string) {
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: viewsQuery(object).queryKey })
  const create = useMutation<View, ApiProblem, Omit<View, 'id' | 'mine'>>({
    mutationFn: (view) => api.views.create(view),
    onSuccess: refresh,
  })
  const change = useMutation<
    View,
    ApiProblem,
    { id: string; name?: string; shared?: boolean; definition?: ViewDefinition }
  >({
    mutationFn: ({ id, ...body }) => api.views.change(id, body),
    onSuccess: refresh,
  })
  const remove = useMutation<void, ApiProblem, string>({
    mutationFn: (id) => api.views.remove(id),
    onSuccess: refresh,
  })
  return { create, change, remove }
}
