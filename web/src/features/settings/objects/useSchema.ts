/** Changing Objects and Fields: afterwards everything drawn from descriptions is read again. */
import { queryOptions, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api } from '@/api/endpoints'

export const fieldTypesQuery = queryOptions({
  queryKey: ['describe', 'field-types'],
  queryFn: api.describe.fieldTypes,
  staleTime: Number.POSITIVE_INFINITY,
})

export const functionsQuery = queryOptions({
  queryKey: ['describe', 'functions'],
  queryFn: api.describe.functions,
  staleTime: Number.POSITIVE_INFINITY,
})

/** What was taken out of use; read again with all other descriptions. */
export const retiredQuery = queryOptions({ queryKey: ['describe', 'retired'], queryFn: api.describe.retired })

const pace = 1500

/** The retypings of an Object that run or wait for a decision; asked for again while one runs. */
export const openRetypesQuery = (object: string) =>
  queryOptions({
    queryKey: ['retypes', object],
    queryFn: () => api.schema.retypes(object),
    refetchInterval: ({ state }) => (state.data?.some((one) => one.state === 'running') ? pace : false),
  })

/** Reads the descriptions and the records again. */
export function useSchemaRefresh(): () => Promise<void> {
  const client = useQueryClient()
  return useCallback(async () => {
    await client.invalidateQueries({ queryKey: ['describe'] })
    void client.invalidateQueries({ queryKey: ['records'] })
    void client.invalidateQueries({ queryKey: ['retypes'] })
  }, [client])
}

/** A key made of letters that a name already has in Latin script; empty where it has none, then the server makes it. */
export const keyOf = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 40)
