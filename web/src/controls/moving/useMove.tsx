/**
 * Moving a record to another state of its Process: the one way that the board, the record page and lists take. It asks
 * the server; when the gate refuses, the dialog shows exactly what is missing and tries again with it.
 */
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Door } from '@/api/client'
import { api } from '@/api/endpoints'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { ObjectDescription, RecordData, State } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { recordQuery, refreshRecords, writable } from '@/kernel/records'
import { keepAction, useUndo } from '@/kernel/undo'
import { useNotify } from '@/ui/useNotify'
import { MoveDialog } from './MoveDialog'

interface Attempt {
  record: RecordData
  target: State
  problem: ApiProblem
  /** Tells the caller at the end whether the record did move. */
  settle: (moved: RecordData | null) => void
}

interface Moving {
  /** Resolves to the record as it is after the move, or null where it did not move. */
  move: (record: RecordData, target: State) => Promise<RecordData | null>
  /** Draw this once; it is empty unless something is asked. */
  dialog: ReactNode
}

export function useMove(object: ObjectDescription, door: Door): Moving {
  const client = useQueryClient()
  const undo = useUndo()
  const notify = useNotify()
  const label = useLabel()
  const { t } = useTranslation()
  const [attempt, setAttempt] = useState<Attempt | null>(null)
  const [busy, setBusy] = useState(false)

  const send = useCallback(
    async (record: RecordData, target: State, fields: Record<string, unknown>) => {
      const body = { to_state: target.key, ...(Object.keys(fields).length > 0 && { fields }) }
      const kept = keepAction()
      const moved = await api.records.move(object.key, record.id, body, {
        door,
        version: record.version,
        onAction: kept.onAction,
      })
      client.setQueryData(recordQuery(object.key, record.id).queryKey, moved)
      const takeBack = () => void undo(kept.action).then(() => notify.done(t('common.undone')), notify.failed)
      notify.done(t('board.move.done', { state: label(target.label) }), takeBack)
      return moved
    },
    [client, door, label, notify, object.key, t, undo],
  )

  const move = useCallback(
    async (record: RecordData, target: State) => {
      try {
        return await send(record, target, {})
      } catch (thrown) {
        const problem = asProblem(thrown)
        if (problem.status !== 422) {
          notify.failed(problem)
          void refreshRecords(client, object.key)
          return null
        }
        return new Promise<RecordData | null>((settle) => setAttempt({ record, target, problem, settle }))
      }
    },
    [client, notify, object.key, send],
  )

  const finish = (moved: RecordData | null) => {
    attempt?.settle(moved)
    setAttempt(null)
  }

  const submit = async (values: Record<string, unknown>) => {
    if (!attempt) return
    setBusy(true)
    try {
      const fields = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, writable(value)]))
      finish(await send(attempt.record, attempt.target, fields))
    } catch (thrown) {
      const problem = asProblem(thrown)
      if (problem.status === 422) setAttempt({ ...attempt, problem })
      else {
        notify.failed(problem)
        finish(null)
      }
    } finally {
      setBusy(false)
    }
  }

  const dialog = attempt && (
    <MoveDialog
      object={object}
      record={attempt.record}
      target={attempt.target}
      problem={attempt.problem}
      busy={busy}
      onSubmit={submit}
      onCancel={() => finish(null)}
    />
  )
  return { move, dialog }
}
