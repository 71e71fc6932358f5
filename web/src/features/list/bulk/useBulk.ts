/** Changes to many records at once: one action, so that one undo takes it all back; with what happened to each. */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { api } from '@/api/endpoints'
import type { BatchOutcome, BatchRequest, ObjectDescription } from '@/api/types'
import { refreshRecords } from '@/kernel/records'
import { keepAction } from '@/kernel/undo'
import type { Question } from '../useRows'
import { bodyOf } from '../useRows'

/** The most records of one batch, and so of "all that match". */
export const mostMatching = 10_000

export interface BulkResult {
  id: string
  outcome: BatchOutcome
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

/** What came of a batch; `action` takes back what it changed. */
export interface BulkOutcome {
  results: BulkResult[]
  action: string | undefined
}

export function useBulk(object: ObjectDescription) {
  const client = useQueryClient()
  const [outcome, setOutcome] = useState<BulkOutcome | null>(null)
  const [busy, setBusy] = useState(false)
  const start = useCallback(
    async (ids: string[], request: BatchRequest): Promise<BulkOutcome> => {
      setBusy(true)
      const kept = keepAction()
      try {
        const options = { door: 'bulk' as const, onAction: kept.onAction }
        const answer = await api.records.batch(object.key, { ...request, all_or_nothing: false }, options)
        const found = {
          results: answer.results.map((one, index) => ({ id: ids[index] ?? '', outcome: one })),
          action: kept.action,
        }
        setOutcome(found)
        void refreshRecords(client, object.key)
        return found
      } finally {
        setBusy(false)
      }
    },
    [client, object.key],
  )
  return { outcome, busy, start }
}
