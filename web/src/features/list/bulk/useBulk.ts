/** Changes to many records at once: one action, so that one undo takes it all back; with what happened to each. */
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { CallOptions } from '@/api/client'
import { api } from '@/api/endpoints'
import type { BatchOutcome, BatchRequest, MoveBody, ObjectDescription } from '@/api/types'
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
  const run = useCallback(
    async (ids: string[], send: (options: CallOptions) => Promise<{ results: BatchOutcome[] }>) => {
      setBusy(true)
      const kept = keepAction()
      try {
        const answer = await send({ door: 'bulk', onAction: kept.onAction })
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
  const start = (ids: string[], request: BatchRequest): Promise<BulkOutcome> =>
    run(ids, (options) => api.records.batch(object.key, { ...request, all_or_nothing: false }, options))
  const move = (ids: string[], body: MoveBody): Promise<BulkOutcome> =>
    run(ids, (options) => api.records.moveMany(object.key, { ...body, ids }, options))
  return { outcome, busy, start, move }
}
