import { Tooltip } from 'antd'
import { CircleCheck, CircleX, TriangleAlert } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Due, ObjectDescription, Process, RecordData, State, Stay } from '@/api/types'
import { useStanding } from '@/controls/stage/useStanding'
import { may, processOf } from '@/kernel/describe'
import { formatDays } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import styles from './record.module.css'
import { useMoveHere } from './stage/useMoveHere'

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

interface Stayed {
  days: number
  due: Due | null
}

/** Days spent in each state so far, all stays together, and whether one of them was too long. */
function stayedByState(stays: Stay[]): Map<string, Stayed> {
  const found = new Map<string, Stayed>()
  for (const stay of stays) {
    const known = found.get(stay.state)
    found.set(stay.state, {
      days: (known?.days ?? 0) + stay.days,
      due: known?.due === 'over' ? 'over' : stay.due,
    })
  }
  return found
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
  const { move, dialog } = useMoveHere(object)
  const { data: standing } = useStanding(object, record.id)
  const days = stayedByState(standing?.stays ?? [])
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
                  {stayed && (
                    <span className={styles.stepDays} data-due={stayed.due ?? undefined}>
                      {stayed.due === 'over' && <TriangleAlert size={12} aria-hidden />}
                      {formatDays(stayed.days, language)}
                      {stayed.due === 'over' && ` ${t('stage.dwell.over')}`}
                    </span>
                  )}
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
