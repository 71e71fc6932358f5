/**
 * Moving a record to another state of its Process: the one way that the board, the record page and lists take. It asks
 * the server; when the gate refuses, the dialog shows exactly what is missing and tries again with it.
 */
import { useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { type ReactNode, useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Door } from '@/api/client'
import { api } from '@/api/endpoints'
import { ApiProblem, asProblem, type ConflictDetails } from '@/api/problem'
import type { HandedOver, ObjectDescription, RecordData, State } from '@/api/types'
import { stateOf } from '@/kernel/describe'
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
  settle: (moved: Outcome) => void
}

/** The record as it is after the move; gone from the mover's sight; or null where it did not move. */
type Outcome = RecordData | 'gone' | null

interface Moving {
  /** Resolves to what came of it. */
  move: (record: RecordData, target: State) => Promise<Outcome>
  /** Draw this once; it is empty unless something is asked. */
  dialog: ReactNode
}

/** What somebody else has done to the record meanwhile, in words. */
function overtaken(
  object: ObjectDescription,
  target: State,
  conflict: ConflictDetails,
  t: TFunction,
  label: ReturnType<typeof useLabel>,
): string {
  const process = object.processes.find((one) => one.states.some((state) => state.key === target.key))
  const now = process && conflict.current?.[process.field]
  const state = process && stateOf(object, process.field, now)
  const person = conflict.changed_by ?? t('stage.dialog.somebody')
  const moved = process && conflict.changed_fields?.includes(process.field) && state
  return moved
    ? t('stage.dialog.overtaken', { person, state: label(state.label) })
    : t('stage.dialog.overtakenChange', { person })
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
    async (record: RecordData, target: State, fields: Record<string, unknown>, comment: string): Promise<Outcome> => {
      const body = {
        to_state: target.key,
        ...(Object.keys(fields).length > 0 && { fields }),
        ...(comment && { comment }),
      }
      const kept = keepAction()
      const options = { door, version: record.version, onAction: kept.onAction }
      const moved = await api.records.move(object.key, record.id, body, options)
      if (moved.visible === false) {
        const { owner } = moved as HandedOver
        client.removeQueries({ queryKey: recordQuery(object.key, record.id).queryKey })
        void refreshRecords(client, object.key)
        const person = owner?.label
        notify.done(person ? t('stage.dialog.handedOver', { person }) : t('stage.dialog.handedOverNobody'))
        return 'gone'
      }
      client.setQueryData(recordQuery(object.key, record.id).queryKey, moved as RecordData)
      void refreshRecords(client, object.key)
      const takeBack = () => void undo(kept.action).then(() => notify.done(t('common.undone')), notify.failed)
      notify.done(t('stage.dialog.done', { state: label(target.label) }), takeBack)
      return moved as RecordData
    },
    [client, door, label, notify, object.key, t, undo],
  )

  /** Somebody else was quicker, or it cannot be done: says so, and shows how things stand now. */
  const giveUp = useCallback(
    (problem: ApiProblem, target: State) => {
      const said = problem.conflict && overtaken(object, target, problem.conflict, t, label)
      notify.failed(said ? new ApiProblem(problem.status, { ...problem.body, detail: said, errors: [] }) : problem)
      void refreshRecords(client, object.key)
    },
    [client, label, notify, object, t],
  )

  const move = useCallback(
    async (record: RecordData, target: State) => {
      try {
        return await send(record, target, {}, '')
      } catch (thrown) {
        const problem = asProblem(thrown)
        if (problem.status !== 422) {
          giveUp(problem, target)
          return null
        }
        return new Promise<Outcome>((settle) => setAttempt({ record, target, problem, settle }))
      }
    },
    [giveUp, send],
  )

  const finish = (moved: Outcome) => {
    attempt?.settle(moved)
    setAttempt(null)
  }

  const submit = async (values: Record<string, unknown>, comment: string) => {
    if (!attempt) return
    setBusy(true)
    try {
      const fields = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, writable(value)]))
      // What was mended meanwhile (a file, a linked record) has left the record as it was; what changed it is seen here.
      const current = client.getQueryData(recordQuery(object.key, attempt.record.id).queryKey) ?? attempt.record
      const version = Math.max(current.version, attempt.record.version)
      finish(await send({ ...attempt.record, version }, attempt.target, fields, comment))
    } catch (thrown) {
      const problem = asProblem(thrown)
      if (problem.status === 422) setAttempt({ ...attempt, problem })
      else {
        giveUp(problem, attempt.target)
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
