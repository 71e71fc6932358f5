/** Saving one value where it stands: the record in the cache changes at once, what the gate says comes back. */
import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '@/api/endpoints'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { Field, ObjectDescription, QueryResult, RecordData } from '@/api/types'
import { recordsKey, refreshFigures, writable } from '@/kernel/records'

const same = (a: unknown, b: unknown): boolean =>
  JSON.stringify(writable(a) ?? null) === JSON.stringify(writable(b) ?? null)

export function useSaveCell(object: ObjectDescription) {
  const client = useQueryClient()
  const [busy, setBusy] = useState(false)

  /** Puts what is known of a record into every list that shows it. */
  const show = (changed: Partial<RecordData> & { id: string }) => {
    const mend = (record: RecordData): RecordData => {
      if (record.id !== changed.id) return record
      const known = Object.fromEntries(Object.entries(changed).filter(([key]) => key in record))
      return { ...record, ...known }
    }
    const inPage = (page: QueryResult): QueryResult => ({ ...page, records: page.records.map(mend) })
    client.setQueriesData<InfiniteData<QueryResult>>({ queryKey: [...recordsKey(object.key), 'list'] }, (data) =>
      data ? { ...data, pages: data.pages.map(inPage) } : data,
    )
    client.setQueriesData<QueryResult>(
      { queryKey: [...recordsKey(object.key), 'group'] },
      (data) => data && inPage(data),
    )
  }

  /** Somebody else changed other Fields of the record meanwhile: no reason to ask. */
  const elsewhere = (problem: ApiProblem, field: Field): number | null => {
    const conflict = problem.conflict
    if (!conflict?.current || !conflict.changed_fields || conflict.changed_fields.includes(field.key)) return null
    return conflict.current.version
  }

  const send = async (record: RecordData, field: Field, value: unknown, version: number): Promise<RecordData> => {
    try {
      return await api.records.update(
        object.key,
        record.id,
        { [field.key]: writable(value) ?? null },
        { version, door: 'inline' },
      )
    } catch (error) {
      const newer = elsewhere(asProblem(error), field)
      if (newer === null || newer === version) throw error
      return send(record, field, value, newer)
    }
  }

  /** Saves; `accepted` is called as soon as nothing has to be asked. Returns the refusal, or null. */
  const run = async (
    record: RecordData,
    field: Field,
    value: unknown,
    accepted: () => void,
  ): Promise<ApiProblem | null> => {
    if (same(record[field.key], value)) {
      accepted()
      return null
    }
    setBusy(true)
    show({ id: record.id, [field.key]: value ?? null })
    try {
      show(await send(record, field, value, record.version))
      accepted()
      void refreshFigures(client, object.key)
      return null
    } catch (error) {
      show({ id: record.id, [field.key]: record[field.key] ?? null })
      return asProblem(error)
    } finally {
      setBusy(false)
    }
  }
  return { run, busy }
}
