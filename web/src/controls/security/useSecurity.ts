import { queryOptions } from '@tanstack/react-query'
import { api } from '@/api/endpoints'

/** How the person's own account is kept. */
export const securityQuery = queryOptions({
  queryKey: ['security'],
  queryFn: api.me.security,
  staleTime: 30_000,
  retry: false,
})

/** Where the person is signed in. */
export const sessionsQuery = queryOptions({ queryKey: ['sessions'], queryFn: api.me.sessions, staleTime: 15_000 })
