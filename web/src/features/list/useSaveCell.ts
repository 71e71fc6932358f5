/** Saving one value where it stands: the record in the cache changes at once, what the gate says comes back. */
import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { Field, ObjectDescription, QueryResult, RecordData } from '@/api/types'
import { recordsKey, refreshFigures, sameValue, saveRecord, writable } from '@/kernel/records'

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

  /** Saves; `accepted` is called as soon as nothing has to be asked. Returns the refusal, or null. */
  const run = async (
    record: RecordData,
    field: Field,
    value: unknown,
    accepted: () => void,
  ): Promise<ApiProblem | null> => {
    if (sameValue(record[field.key], value)) {
      accepted()
      return null
    }
    setBusy(true)
    show({ id: record.id, [field.key]: value ?? null })
    try {
      const body = { [field.key]: writable(value) ?? null }
      show(await saveRecord(object.key, record.id, body, { version: record.version, door: 'inline' }))
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
