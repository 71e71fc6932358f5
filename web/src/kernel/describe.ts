/** The description of Objects: what every page is drawn from. Cached until the catalogue changes. */
import { queryOptions, useQuery, useSuspenseQuery } from '@tanstack/react-query'
import { api } from '@/api/endpoints'
import type { Field, ObjectDescription, ObjectSummary, Operator, Process, State, Verb } from '@/api/types'

const catalogueAge = 10 * 60_000

export const objectsQuery = queryOptions({
  queryKey: ['describe', 'objects'],
  queryFn: async () => [...(await api.describe.objects()).objects].sort((a, b) => a.order - b.order),
  staleTime: catalogueAge,
})

export const objectQuery = (object: string) =>
  queryOptions({
    queryKey: ['describe', 'object', object],
    queryFn: () => api.describe.object(object),
    staleTime: catalogueAge,
  })

export const operatorsQuery = queryOptions({
  queryKey: ['describe', 'operators'],
  queryFn: () => api.describe.operators(),
  staleTime: Number.POSITIVE_INFINITY,
})

export const regionsQuery = queryOptions({
  queryKey: ['describe', 'regions'],
  queryFn: () => api.describe.regions(),
  staleTime: Number.POSITIVE_INFINITY,
})

/** All Objects the actor may see, in their order. */
export const useObjects = (): ObjectSummary[] => useSuspenseQuery(objectsQuery).data

/** One Object in full; suspends until it is there. */
export const useObject = (object: string): ObjectDescription => useSuspenseQuery(objectQuery(object)).data

/** One Object in full, or undefined until it is there (or where the actor may not see it). */
export const useMaybeObject = (object: string | null | undefined): ObjectDescription | undefined =>
  useQuery({ ...objectQuery(object ?? ''), enabled: Boolean(object), retry: false }).data

export const useOperators = (): Operator[] => useSuspenseQuery(operatorsQuery).data

export const may = (object: { verbs: Verb[] }, verb: Verb): boolean => object.verbs.includes(verb)

export const fieldOf = (object: ObjectDescription, key: string): Field | undefined =>
  object.fields.find((field) => field.key === key)

/** The Process that governs a choice Field, if any: the one the record names, else the default one. */
export function processOf(object: ObjectDescription, field: string, processKey?: unknown): Process | undefined {
  const candidates = object.processes.filter((process) => process.field === field)
  return (
    candidates.find((process) => process.key === processKey) ??
    candidates.find((process) => process.is_default) ??
    candidates[0]
  )
}

/** A state by the value of its Field, looked up in the record's own Process first. */
export function stateOf(
  object: ObjectDescription,
  field: string,
  state: unknown,
  processKey?: unknown,
): State | undefined {
  const own = processOf(object, field, processKey)?.states.find((one) => one.key === state)
  if (own) return own
  for (const process of object.processes) {
    if (process.field !== field) continue
    const found = process.states.find((one) => one.key === state)
    if (found) return found
  }
  return undefined
}

/** Where people start: the first Object that has a Process, else the first of all. */
export const homeObject = (objects: ObjectSummary[]): ObjectSummary | undefined =>
  objects.find((object) => object.processes.length > 0) ?? objects[0]
