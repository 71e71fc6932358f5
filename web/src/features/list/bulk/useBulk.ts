/** Changes to many records at once: one batch per few hundred, with what happened to each. */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { api } from '@/api/endpoints'
import type { BatchOutcome, BatchRequest, ObjectDescription } from '@/api/types'
import { refreshRecords } from '@/kernel/records'
import type { Question } from '../useRows'
import { bodyOf } from '../useRows'

/** Records in one request: few enough to show progress, many enough to be quick. */
const batchSize = 500
/** The most records "all that match" takes. */
export const mostMatching = 10_000

export interface BulkResult {
  id: string
  outcome: BatchOutcome
}

export interface BulkRun {
  done: number
  total: number
  results: BulkResult[]
  finished: boolean
}

/** The ids of all records a list would show, up to `mostMatching`. */
export async function matchingIds(question: Question, nameField: string): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const page = await api.records.query(question.object, {
      ...bodyOf({ ...question, select: [nameField] }),
      limit: 1000,
      ...(cursor && { cursor }),
    })
    ids.push(...page.records.map((record) => record.id))
    cursor = page.next_cursor
  } while (cursor && ids.length < mostMatching)
  return ids.slice(0, mostMatching)
}

export function useBulk(object: ObjectDescription) {
  const client = useQueryClient()
  const [run, setRun] = useState<BulkRun | null>(null)
  const start = useCallback(
    async (ids: string[], request: (part: string[]) => BatchRequest) => {
      const results: BulkResult[] = []
      setRun({ done: 0, total: ids.length, results, finished: false })
      for (let from = 0; from < ids.length; from += batchSize) {
        const part = ids.slice(from, from + batchSize)
        const answer = await api.records.batch(
          object.key,
          { ...request(part), all_or_nothing: false },
          { door: 'bulk' },
        )
        results.push(...answer.results.map((outcome, index) => ({ id: part[index] ?? '', outcome })))
        setRun({
          done: Math.min(from + batchSize, ids.length),
          total: ids.length,
          results: [...results],
          finished: false,
        })
      }
      setRun({ done: ids.length, total: ids.length, results: [...results], finished: true })
      void refreshRecords(client, object.key)
      return results
    },
    [client, object.key],
  )
  return { run, start, reset: () => setRun(null) }
}
