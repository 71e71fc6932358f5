import { queryOptions } from '@tanstack/react-query'
import { api } from '@/api/endpoints'

export const signInQuery = queryOptions({ queryKey: ['sign-in'], queryFn: api.signIn.get, staleTime: 60_000 })

export const providersQuery = queryOptions({
  queryKey: ['sign-in', 'providers'],
  queryFn: api.signIn.providers,
  staleTime: 60_000,
})

export const serviceTokensQuery = queryOptions({
  queryKey: ['service-tokens'],
  queryFn: api.serviceTokens.list,
  staleTime: 30_000,
})
