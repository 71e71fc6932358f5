/** The state of one form: what was entered, what the server says about it, and saving. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem, asProblem } from '@/api/problem'
import type { Field, Me, ObjectDescription, RecordData } from '@/api/types'
import { fieldOf, processOf } from '@/kernel/describe'
import { dayIn } from '@/kernel/format'
import { useBase, useCreateRecord, useUpdateRecord, writable } from '@/kernel/records'
import { useMe } from '@/kernel/session'
import { useNotify } from '@/ui/useNotify'

export interface RecordFormState {
  record: RecordData | null
  /** Current value of a Field, in the read form. */
  value: (field: Field) => unknown
  /** All current values, for inputs that look at their neighbours. */
  values: Record<string, unknown>
  entered: Record<string, unknown>
  change: (field: Field, value: unknown) => void
  problem: ApiProblem | null
  busy: boolean
  submit: () => void
  /** After a version conflict: save again with what was kept. */
  resolve: (values: Record<string, unknown>, version: number) => void
  dismiss: () => void
}

/**
 * What a new record starts with: the defaults that the catalogue names, then what the caller brings, and where nothing
 * else is said the first state of the default Process.
 */
function startValues(object: ObjectDescription, given: Record<string, unknown>, me: Me): Record<string, unknown> {
  const own = object.fields.filter((field) => !field.readonly && !field.computed)
  const defaults = own.map((field) => [field.key, startValue(field.default, me)]).filter(([, value]) => value !== null)
  const values: Record<string, unknown> = { ...Object.fromEntries(defaults), ...given }
  const governed = own.filter((field) => object.processes.some((process) => process.field === field.key))
  const starts = governed.map((field) => startOf(object, field.key, values))
  return Object.assign({}, ...starts, values)
}

/** The Process that governs a Field, as the values name it, and its first state: what of both the person may enter. */
function startOf(object: ObjectDescription, field: string, values: Record<string, unknown>): Record<string, unknown> {
  const named = processOf(object, field)?.process_field
  const process = processOf(object, field, named && values[named])
  const first = process?.states[0]
  const start = { [field]: first?.key ?? null, ...(named && process && { [named]: process.key }) }
  return Object.fromEntries(Object.entries(start).filter(([key]) => fieldOf(object, key)?.readonly === false))
}

/** Another Process begins with its own first state. */
function withStart(object: ObjectDescription, changed: string, values: Record<string, unknown>) {
  const fields = object.processes.filter((one) => one.process_field === changed).map((one) => one.field)
  const starts = [...new Set(fields)].map((field) => startOf(object, field, values))
  return Object.assign({}, values, ...starts)
}

/** A default as an input shows it; the words for the person, their department and the moment are filled in. */
function startValue(value: unknown, me: Me): unknown {
  switch (value) {
    case '@me':
      return { id: me.person.id, label: me.person.name }
    case '@my_department':
      return me.person.department
    case '@today':
      return dayIn(Date.now(), me.zone)
    case '@now':
      return new Date().toISOString()
    default:
      return value ?? null
  }
}

export function useRecordForm(
  object: ObjectDescription,
  record: RecordData | null,
  start: Record<string, unknown>,
  onSaved: (saved: RecordData) => void,
): RecordFormState {
  const { t } = useTranslation()
  const notify = useNotify()
  const me = useMe()
  const [entered, setEntered] = useState<Record<string, unknown>>(() => (record ? {} : startValues(object, start, me)))
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const create = useCreateRecord(object.key)
  const update = useUpdateRecord(object.key)
  const base = useBase(record, Object.keys(entered))
  const values: Record<string, unknown> = { ...(record ?? {}), ...entered }

  const save = async (what: Record<string, unknown>, version: number | undefined) => {
    const body = Object.fromEntries(Object.entries(what).map(([key, value]) => [key, writable(value)]))
    const options = { door: 'form' as const, ...(version !== undefined && { version }) }
    try {
      const saved = record
        ? await update.mutateAsync({ id: record.id, values: body, options })
        : await create.mutateAsync({ values: body, options })
      notify.done(t('common.saved'))
      onSaved(saved)
    } catch (thrown) {
      setProblem(asProblem(thrown))
    }
  }
  return {
    record,
    values,
    entered,
    value: (field) => values[field.key] ?? null,
    change: (field, value) => {
      setEntered((before) => {
        const after = { ...before, [field.key]: value }
        return record ? after : withStart(object, field.key, after)
      })
      setProblem((before) => (before ? withoutField(before, field.key) : before))
    },
    problem,
    busy: create.isPending || update.isPending,
    submit: () => {
      if (record && Object.keys(entered).length === 0) onSaved(record)
      else void save(entered, base?.version)
    },
    resolve: (kept, version) => void save(kept, version),
    dismiss: () => {
      setProblem(null)
      setEntered({})
    },
  }
}

/** A Field that is being changed no longer shows what was wrong with its old value. */
function withoutField(problem: ApiProblem, key: string): ApiProblem | null {
  const errors = problem.errors.filter((error) => error.field !== key)
  if (errors.length === problem.errors.length) return problem
  return errors.length === 0 ? null : new ApiProblem(problem.status, { ...problem.body, errors }, problem.retryAfter)
}
