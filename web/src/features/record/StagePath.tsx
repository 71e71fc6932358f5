import { useQuery } from '@tanstack/react-query'
import { Tooltip } from 'antd'
import { CircleCheck, CircleX } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ObjectDescription, Process, RecordData, State, Visit } from '@/api/types'
import { useMove } from '@/controls/moving/useMove'
import { may, processOf } from '@/kernel/describe'
import { formatDays } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import { recordsKey } from '@/kernel/records'
import styles from './record.module.css'

interface StagePathProps {
  object: ObjectDescription
  record: RecordData
}

/** The Process that a record is in, if its Object has one. */
export function recordProcess(object: ObjectDescription, record: RecordData): Process | undefined {
  const first = object.processes[0]
  if (!first) return undefined
  return processOf(object, first.field, first.process_field ? record[first.process_field] : undefined)
}

/** Days spent in each state so far, all stays together. */
function daysByState(visits: Visit[]): Map<string, number> {
  const days = new Map<string, number>()
  for (const visit of visits) days.set(visit.state, (days.get(visit.state) ?? 0) + visit.days)
  return days
}

/** The stages of a record from left to right: where it is, how long it stayed in each, one click to move on. */
export function StagePath({ object, record }: StagePathProps) {
  const process = recordProcess(object, record)
  return process ? <Path object={object} record={record} process={process} /> : null
}

function Path({ object, record, process }: StagePathProps & { process: Process }) {
  const { t } = useTranslation()
  const label = useLabel()
  const language = useLanguage()
  const { move, dialog } = useMove(object, 'form')
  const { data: visits = [] } = useQuery({
    queryKey: [...recordsKey(object.key), 'visits', record.id],
    queryFn: () => api.records.visits(object.key, record.id),
  })
  const days = daysByState(visits)
  const current = process.states.findIndex((state) => state.key === record[process.field])
  const currentState = process.states[current]
  const path = useRef<HTMLOListElement>(null)
  // Where not all stages fit, the one the record is in stands in the middle.
  useEffect(() => {
    const step = path.current?.children[current] as HTMLElement | undefined
    if (path.current && step)
      path.current.scrollLeft = step.offsetLeft - (path.current.clientWidth - step.offsetWidth) / 2
  }, [current])
  const movable = may(object, 'edit')
  const phaseOf = (state: State, index: number) => {
    if (index === current) return 'current'
    const closed = currentState && currentState.kind !== 'open'
    return state.kind === 'open' && (index < current || closed) && days.has(state.key) ? 'past' : 'ahead'
  }
  return (
    <>
      <ol ref={path} className={styles.path} aria-label={t('record.path')}>
        {process.states.map((state, index) => {
          const stayed = days.get(state.key)
          const Shape = state.kind === 'won' ? CircleCheck : state.kind === 'lost' ? CircleX : null
          return (
            <li key={state.key} className={styles.step} data-phase={phaseOf(state, index)} data-kind={state.kind}>
              <Tooltip title={label(state.guidance.why ?? state.guidance.how ?? null)} placement="bottom">
                <button
                  type="button"
                  disabled={!movable || index === current}
                  aria-current={index === current ? 'step' : undefined}
                  onClick={() => void move(record, state)}
                >
                  {Shape && <Shape size={14} aria-hidden />}
                  <span className={styles.stepLabel}>{label(state.label)}</span>
                  {stayed !== undefined && <span className={styles.stepDays}>{formatDays(stayed, language)}</span>}
                </button>
              </Tooltip>
            </li>
          )
        })}
      </ol>
      {dialog}
    </>
  )
}
