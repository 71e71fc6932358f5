import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api } from '@/api/endpoints'
import type { AuditSearch } from '@/api/types'

export const auditQuery = (search: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ['audit', 'entries', search],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => api.audit.list({ ...search, cursor: pageParam }, signal),
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 0,
  })

export const auditKindsQuery = queryOptions({
  queryKey: ['audit', 'kinds'],
  queryFn: api.audit.kinds,
  staleTime: Number.POSITIVE_INFINITY,
})

export const auditSettingsQuery = queryOptions({
  queryKey: ['audit', 'settings'],
  queryFn: api.audit.settings,
  staleTime: 60_000,
})

export const askedExportsQuery = queryOptions({
  queryKey: ['exports', 'asked'],
  queryFn: api.exports.asked,
  staleTime: 15_000,
})
