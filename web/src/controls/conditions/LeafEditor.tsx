import { useQuery } from '@tanstack/react-query'
import { Button, Select, type SelectProps } from 'antd'
import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConditionLeaf, Field, ObjectDescription, Operator } from '@/api/types'
import { operatorsQuery } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { usePathFields } from '@/kernel/paths'
import { FieldPathPicker } from '../FieldPathPicker'
import styles from './conditions.module.css'
import { EvidenceEditor } from './EvidenceEditor'
import { askedOf, useGateScope } from './gate'
import { firstOperator, isRelative, operatorsFor, valueAfter } from './operators'
import { RelatedEditor } from './RelatedEditor'
import { useOtherPaths } from './useOtherPaths'
import { ValueEditor } from './ValueEditor'

interface LeafEditorProps {
  object: ObjectDescription
  leaf: ConditionLeaf
  onChange: (leaf: ConditionLeaf) => void
  onRemove: () => void
}

const askable = (field: Field): boolean => field.operators.length > 0

const takesRelated = (operator: Operator): boolean => operator.argument === 'related'

/** One line: which Field, how compared, with what. */
export function LeafEditor({ object, leaf, onChange, onRemove }: LeafEditorProps) {
  const { t } = useTranslation()
  const { data: all = [] } = useQuery(operatorsQuery)
  const asked = askedOf(leaf.field)
  const scope = useGateScope()
  const more = useOtherPaths(object)
  const found = usePathFields(object, asked.kind === 'field' ? [leaf.field] : []).get(leaf.field)
  const offered = found ? operatorsFor(found.field, all) : asked.kind === 'field' ? [] : all.filter(takesRelated)
  const evidence = asked.kind === 'evidence' ? scope?.evidence.find((one) => one.key === asked.key) : undefined
  const operator = all.find((one) => one.key === leaf.op)

  const chooseOperator = (key: string) => {
    const next = all.find((one) => one.key === key)
    onChange({ field: leaf.field, op: key, value: valueAfter(next, operator, leaf.value) })
  }
  return (
    <div className={styles.leaf}>
      <div className={styles.path}>
        <FieldPathPicker
          object={object}
          label={t('conditions.field')}
          value={leaf.field}
          offers={askable}
          more={more}
          onChange={(field) =>
            onChange(askedOf(field).kind === 'field' ? { field, op: '' } : { field, op: 'has', value: null })
          }
        />
      </div>
      <OperatorSelect
        offered={offered}
        value={leaf.op}
        fallback={found && firstOperator(found.field)}
        onChange={chooseOperator}
      />
      <div className={styles.value} data-wide={asked.kind !== 'field' || undefined}>
        {asked.kind === 'related' && (
          <RelatedEditor
            key={leaf.field}
            object={asked.object}
            value={leaf.value}
            onChange={(value) => onChange({ ...leaf, value })}
          />
        )}
        {evidence && (
          <EvidenceEditor
            object={object}
            kind={evidence}
            value={leaf.value}
            onChange={(value) => onChange({ ...leaf, value })}
          />
        )}
        {found && operator && operator.argument !== 'none' && (
          <ValueEditor
            path={found}
            operator={operator}
            value={leaf.value}
            onChange={(value) => onChange({ ...leaf, value })}
          />
        )}
      </div>
      <Button
        type="text"
        size="small"
        className={styles.remove}
        icon={<X size={14} />}
        aria-label={t('conditions.removeLine')}
        onClick={onRemove}
      />
    </div>
  )
}

interface OperatorSelectProps {
  offered: Operator[]
  value: string
  /** What a line takes whose Field was just changed. */
  fallback: string | undefined
  onChange: (key: string) => void
}

function OperatorSelect({ offered, value, fallback, onChange }: OperatorSelectProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const missing = value === '' && fallback !== undefined
  useSettle(missing, () => fallback && onChange(fallback))
  const option = (operator: Operator) => ({ value: operator.key, label: label(operator.label) })
  const relative = offered.filter(isRelative)
  const plain = offered.filter((operator) => !isRelative(operator))
  const options: NonNullable<SelectProps['options']> =
    relative.length === 0
      ? plain.map(option)
      : [
          { label: t('conditions.relative'), options: relative.map(option) },
          { label: t('conditions.compare'), options: plain.map(option) },
        ]
  return (
    <Select
      className={styles.operator ?? ''}
      aria-label={t('conditions.operator')}
      value={value || null}
      onChange={onChange}
      options={options}
      popupMatchSelectWidth={false}
      showSearch={offered.length > 8 ? { optionFilterProp: 'label' } : false}
    />
  )
}

/** Runs once the thing is missing: a Field behind a link is known only after its Object was read. */
function useSettle(missing: boolean, run: () => void): void {
  const latest = useRef(run)
  latest.current = run
  useEffect(() => {
    if (missing) latest.current()
  }, [missing])
}
