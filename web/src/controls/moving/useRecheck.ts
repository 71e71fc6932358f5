/** The gate of one move while it is being met: what it asks for, asked again with what has been entered so far. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import type { Check, GateItem, ObjectDescription, ProblemItem, RecordData, State } from '@/api/types'
import { timelineKey, writable } from '@/kernel/records'
import { checkKey } from '../stage/Checklist'
import { transitionsQuery } from '../stage/useStanding'

export const commentCode = 'comment_required'
const pause = 300

/** What the gate said no to, as conditions. */
function fromErrors(errors: ProblemItem[]): GateItem[] {
  return errors.map((error) => ({
    key: (error.evidence?.key as string | undefined) ?? null,
    part: (error.evidence?.part as string | undefined) ?? null,
    label: null,
    message: error.message,
    code: error.code,
    field: error.field,
    mend: error.field && error.code !== commentCode ? [{ kind: 'field', field: error.field }] : [],
  }))
}

function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pause)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

export interface Recheck {
  checks: Check[]
  /** Whether a reason is asked for. */
  comment: boolean
  checking: boolean
}

interface Asked {
  object: ObjectDescription
  record: RecordData
  target: State
  /** The last refusal. */
  problem: ApiProblem
  values: Record<string, unknown>
  comment: string
}

export function useRecheck({ object, record, target, problem, values, comment }: Asked): Recheck {
  const offered = useQuery(transitionsQuery(object.key, record.id))
  const move = offered.data?.find((one) => one.to === target.key)
  const entered = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, writable(value)]))
  const body = useSettled(JSON.stringify({ to_state: target.key, fields: entered, ...(comment && { comment }) }))
  const tried = useQuery({
    queryKey: [...timelineKey(object.key, record.id), 'try', body],
    queryFn: () => api.records.tryMove(object.key, record.id, JSON.parse(body)),
    placeholderData: keepPreviousData,
    staleTime: 0,
    retry: false,
  })
  const refused = fromErrors(tried.data ? (tried.data.errors ?? []) : problem.errors)
  const unmet = new Map(refused.map((one) => [checkKey(one), one]))
  const known = [...(move?.gate.unmet ?? []), ...(move?.gate.met ?? [])]
  const seen = new Set(known.map(checkKey))
  const others = refused.filter((one) => !seen.has(checkKey(one)))
  const checks = [...known, ...others]
    .filter((one) => one.code !== commentCode)
    .map((one) => ({
      ...one,
      message: unmet.get(checkKey(one))?.message ?? one.message,
      met: !unmet.has(checkKey(one)),
    }))
  return {
    checks,
    comment: move?.comment === true || unmet.has(`${commentCode}:comment`),
    checking: tried.isFetching,
  }
}
