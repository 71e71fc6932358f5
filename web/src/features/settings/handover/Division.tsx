import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { HandOverSplit, Holdings, LinkValue } from '@/api/types'
import { useLabel } from '@/kernel/language'
import styles from './handover.module.css'

interface DivisionProps {
  split: HandOverSplit
  holdings: Holdings
  successors: LinkValue[]
  byObject: Record<string, string>
  byDepartment: Record<string, string>
  onObject: (object: string, successor: string) => void
  onDepartment: (department: string, successor: string) => void
}

/** Who gets the records of an Object, or of a department, where it is split by these. */
export function Division(props: DivisionProps) {
  const { split, holdings, successors, byObject, byDepartment, onObject, onDepartment } = props
  const label = useLabel()
  if (split === 'object') {
    const objects = new Map(holdings.parts.map((part) => [part.object, label(part.label)]))
    return <Lines names={objects} chosen={byObject} successors={successors} onChoose={onObject} />
  }
  if (split === 'department') {
    const departments = new Map(holdings.parts.flatMap((part) => part.departments.map((one) => [one.id, one.label])))
    return <Lines names={departments} chosen={byDepartment} successors={successors} onChoose={onDepartment} />
  }
  return null
}

interface LinesProps {
  names: Map<string, string>
  chosen: Record<string, string>
  successors: LinkValue[]
  onChoose: (key: string, successor: string) => void
}

function Lines({ names, chosen, successors, onChoose }: LinesProps) {
  const { t } = useTranslation()
  const options = successors.map((one) => ({ value: one.id, label: one.label }))
  const of = (key: string) => (successors.some((one) => one.id === chosen[key]) ? chosen[key] : successors[0]?.id)
  return (
    <ul className={styles.lines}>
      {[...names].map(([key, name]) => (
        <li key={key} className={styles.line}>
          <span>{name}</span>
          <Select
            size="small"
            className={styles.extent ?? ''}
            aria-label={t('handOver.goesTo', { name })}
            value={of(key) ?? null}
            options={options}
            onChange={(to: string) => onChoose(key, to)}
          />
        </li>
      ))}
    </ul>
  )
}
