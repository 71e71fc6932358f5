import { queryOptions } from '@tanstack/react-query'
import { api } from '@/api/endpoints'

export const rolesQuery = queryOptions({ queryKey: ['roles'], queryFn: api.people.roles, staleTime: 5 * 60_000 })

/** How everybody signs in; who is not listed has no login. */
export const loginsQuery = queryOptions({ queryKey: ['login'], queryFn: api.people.logins, staleTime: 60_000 })

/** How one person signs in. */
export const loginQuery = (id: string) =>
  queryOptions({ queryKey: ['login', id], queryFn: () => api.people.login(id), staleTime: 60_000, retry: false })

/** Which second factors a person has, and where they are signed in. */
export const keysQuery = (id: string) =>
  queryOptions({ queryKey: ['login', id, 'keys'], queryFn: () => api.people.keys(id), staleTime: 15_000, retry: false })
