/** Reading and writing records through the query cache: keys, single records, and what a write makes stale. */
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import type { CallOptions } from '@/api/client'
import { api } from '@/api/endpoints'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { ObjectDescription, RecordData, ScopedVerb } from '@/api/types'

/** Every cached reading of an Object's records starts with this key. */
export const recordsKey = (object: string) => ['records', object] as const

/** The timeline of a record. It tells of other records too, so it has a key of its own. */
export const timelineKey = (object: string, id: string) => ['timeline', object, id] as const

/** Approvals of all Objects: they wait for people, wherever their records are. */
export const approvalsKey = ['approvals'] as const

/** Reads the timelines and approvals on the page again; whatever was written may stand in them. */
export function refreshTimelines(client: QueryClient): void {
  void client.invalidateQueries({ queryKey: ['timeline'] })
  void client.invalidateQueries({ queryKey: approvalsKey })
}

export const recordQuery = (object: string, id: string) =>
  queryOptions({
    queryKey: [...recordsKey(object), 'one', id],
    queryFn: () => api.records.get(object, id),
    staleTime: 30_000,
  })

/** One record with all its fields. */
export const useRecord = (object: string, id: string) => useQuery(recordQuery(object, id))

/** The verbs that reach some records of an Object and not others. */
const reaching: readonly string[] = ['read', 'edit', 'delete', 'transfer', 'share', 'export'] satisfies ScopedVerb[]

/** The Object as it is for the reader on one of its records: with the verbs that reach that very record. Undefined
 * until they are known. */
export function useObjectOn(object: ObjectDescription | undefined, id: string): ObjectDescription | undefined {
  const key = object?.key ?? ''
  const { data, error } = useQuery({
    queryKey: [...recordsKey(key), 'verbs', id],
    queryFn: () => api.access.verbsOn(key, id),
    staleTime: 30_000,
    enabled: object !== undefined,
    retry: false,
  })
  return useMemo(() => {
    if (!object || (!data && !error)) return undefined
    const reached: readonly string[] = data?.verbs ?? ['read']
    return { ...object, verbs: object.verbs.filter((verb) => !reaching.includes(verb) || reached.includes(verb)) }
  }, [object, data, error])
}

/** Whether a key reads the lines of a list (or of one of its groups): what must not move under the pointer. */
export const isLineQuery = (key: readonly unknown[]): boolean => key[2] === 'list' || key[2] === 'group'

const ownWrites = new Map<string, number>()
const anyObject = '*'

/** When this page last wrote records of an Object (milliseconds since 1970; 0 for never). */
export const lastOwnWrite = (object: string): number =>
  Math.max(ownWrites.get(object) ?? 0, ownWrites.get(anyObject) ?? 0)

/** Reads the records of all Objects again, after a write that may have touched any of them. */
export function refreshAllRecords(client: QueryClient): Promise<void> {
  ownWrites.set(anyObject, Date.now())
  refreshTimelines(client)
  return client.invalidateQueries({ queryKey: ['records'] })
}

/** Reads everything about an Object's records again but the lines of lists, which were mended in place. */
export function refreshFigures(client: QueryClient, object: string): Promise<void> {
  ownWrites.set(object, Date.now())
  refreshTimelines(client)
  return client.invalidateQueries({ queryKey: recordsKey(object), predicate: (query) => !isLineQuery(query.queryKey) })
}

/** Marks every reading of an Object's records as stale after a write, so that open pages fetch again. */
export function refreshRecords(client: QueryClient, object: string): Promise<void> {
  ownWrites.set(object, Date.now())
  refreshTimelines(client)
  return client.invalidateQueries({ queryKey: recordsKey(object) })
}

export interface UpdateInput {
  id: string
  values: Record<string, unknown>
  options?: CallOptions
}

/** Whether two values would be written alike. */
export const sameValue = (a: unknown, b: unknown): boolean =>
  JSON.stringify(writable(a) ?? null) === JSON.stringify(writable(b) ?? null)

/**
 * The record that entries are about: as it was when they began, and brought up to date as long as nobody else changes
 * what is being entered. So a page that reads the record again meanwhile does not hide a conflict.
 */
export function useBase<Base extends RecordData | null>(record: Base, entered: readonly string[]): Base {
  const [base, setBase] = useState(record)
  if (base === record) return base
  const untouched =
    base?.id !== record?.id || entered.every((key) => sameValue(base?.[key] ?? null, record?.[key] ?? null))
  if (untouched) setBase(record)
  return untouched ? record : base
}

/** Changes a record. That somebody else has changed other Fields of it meanwhile is no reason to ask. */
export async function saveRecord(
  object: string,
  id: string,
  values: Record<string, unknown>,
  options?: CallOptions,
): Promise<RecordData> {
  try {
    return await api.records.update(object, id, values, options)
  } catch (thrown) {
    const { conflict } = asProblem(thrown)
    const newer = conflict?.current?.version
    const elsewhere = conflict?.changed_fields && !conflict.changed_fields.some((key) => key in values)
    if (!elsewhere || newer === undefined || newer === options?.version) throw thrown
    return saveRecord(object, id, values, { ...options, version: newer })
  }
}

/** Changes one record; the answer goes straight into the cache. */
export function useUpdateRecord(object: string) {
  const client = useQueryClient()
  return useMutation<RecordData, ApiProblem, UpdateInput>({
    mutationFn: ({ id, values, options }) => saveRecord(object, id, values, options),
    onSuccess: (record) => {
      client.setQueryData(recordQuery(object, record.id).queryKey, record)
      return refreshRecords(client, object)
    },
  })
}

/** Makes one record. */
export function useCreateRecord(object: string) {
  const client = useQueryClient()
  return useMutation<RecordData, ApiProblem, { values: Record<string, unknown>; options?: CallOptions }>({
    mutationFn: ({ values, options }) => api.records.create(object, values, options),
    onSuccess: () => refreshRecords(client, object),
  })
}

/** Values as a write takes them: links by id, regions by code, everything else as it was read. */
export function writable(value: unknown): unknown {
  if (value && typeof value === 'object' && !Array.isArray(value)) {
    if ('id' in value) return (value as { id: string }).id
    if ('code' in value) return (value as { code: string }).code
  }
  return value
}
