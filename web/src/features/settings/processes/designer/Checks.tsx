import { Button, Checkbox } from 'antd'
import { Plus, Trash2 } from 'lucide-react'
import { useContext, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, GateCheck, ObjectDescription } from '@/api/types'
import { ConditionEditor } from '@/controls/conditions/ConditionEditor'
import { type GateScope, GateScopeContext } from '@/controls/conditions/gate'
import { LabelInputs } from '../../objects/LabelInputs'
import { FaultContext, useDesigner } from './context'
import styles from './designer.module.css'
import { approvalsOf, newCheck } from './edits'

/** What Conditions within a stage (or none) may ask for. */
export function useGateScopeOf(state: string | null): GateScope {
  const { definition, evidence } = useDesigner()
  return useMemo(
    () => ({
      evidence,
      state,
      states: definition.states,
      actions: definition.states.find((one) => one.key === state)?.actions ?? [],
      approvals: approvalsOf(definition),
    }),
    [definition, evidence, state],
  )
}

interface GateConditionProps {
  object: ObjectDescription
  state: string | null
  value: Condition | null
  onChange: (value: Condition | null) => void
}

/** A Condition of a gate: over Fields, linked records and evidence. */
export function GateCondition({ object, state, value, onChange }: GateConditionProps) {
  const scope = useGateScopeOf(state)
  return (
    <GateScopeContext value={scope}>
      <ConditionEditor object={object} value={value} onChange={onChange} />
    </GateScopeContext>
  )
}

interface ChecksProps {
  /** Whose gate it is; null for one that belongs to no stage. */
  state: string | null
  checks: GateCheck[]
  onChange: (checks: GateCheck[], touched?: string) => void
  /** Whether one may be asked for on the way back and to lost as well. */
  always?: boolean
}

/** Conditions with a name each: what a person reads who may not go on. */
export function Checks({ state, checks, onChange, always = false }: ChecksProps) {
  const { t } = useTranslation()
  const { object, readOnly } = useDesigner()
  const fault = useContext(FaultContext)
  const put = (key: string, next: GateCheck | null, touched = '') =>
    onChange(
      checks.flatMap((one) => (one.key === key ? (next ? [next] : []) : [one])),
      touched,
    )
  return (
    <>
      {checks.map((check, index) => (
        <div key={check.key} className={styles.card} data-check={check.key} data-faulty={index === fault || undefined}>
          <div className={styles.cardHead}>
            <LabelInputs
              label={t('design.checkName')}
              value={check.label}
              autoFocus={!check.label.zh && !check.label.en}
              onChange={(label) => put(check.key, { ...check, label }, `check.${check.key}.label`)}
            />
            {!readOnly && (
              <Button
                type="text"
                size="small"
                icon={<Trash2 size={14} />}
                aria-label={t('design.dropCheck')}
                onClick={() => put(check.key, null)}
              />
            )}
          </div>
          <GateCondition
            object={object}
            state={state}
            value={check.condition}
            onChange={(condition) => put(check.key, { ...check, condition }, `check.${check.key}.condition`)}
          />
          {always && (
            <Checkbox
              checked={check.always ?? false}
              onChange={(event) => put(check.key, { ...check, always: event.target.checked })}
            >
              {t('design.always')}
            </Checkbox>
          )}
        </div>
      ))}
      {!readOnly && (
        <Button
          type="dashed"
          block
          icon={<Plus size={14} />}
          onClick={() => onChange([...checks, newCheck(checks, { zh: '', en: '' }, null)])}
        >
          {t('design.addCheck')}
        </Button>
      )}
    </>
  )
}
