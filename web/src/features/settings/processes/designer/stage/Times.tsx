import { Button, InputNumber } from 'antd'
import { Plus, Trash2 } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { LabelInputs } from '../../../objects/LabelInputs'
import { GateCondition } from '../Checks'
import { useDesigner } from '../context'
import styles from '../designer.module.css'
import type { StagePartProps } from './Basics'

const names = ['target_days', 'maximum_days', 'follow_up_days'] as const

/** How long a record should and may stay, and how long it may go without a follow-up. */
export function Times({ state, onChange }: StagePartProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className={styles.three}>
      {names.map((name) => (
        <div key={name} className={styles.field}>
          <label htmlFor={`${id}-${name}`}>{t(`design.${name}`)}</label>
          <InputNumber<number>
            id={`${id}-${name}`}
            className={styles.full ?? ''}
            min={0.5}
            step={1}
            suffix={t('conditions.days')}
            value={state[name] ?? null}
            onChange={(days) => onChange({ ...state, [name]: days }, name)}
          />
        </div>
      ))}
    </div>
  )
}

/** The measurable goal of the stage: shown as met or not, in nobody's way. */
export function GoalEditor({ state, onChange }: StagePartProps) {
  const { t } = useTranslation()
  const { object, readOnly } = useDesigner()
  const { goal } = state
  if (!goal)
    return readOnly ? null : (
      <Button
        type="dashed"
        block
        icon={<Plus size={14} />}
        onClick={() => onChange({ ...state, goal: { label: { zh: '', en: '' }, condition: null } })}
      >
        {t('design.addGoal')}
      </Button>
    )
  return (
    <div className={styles.card}>
      <div className={styles.cardHead}>
        <LabelInputs
          label={t('design.goalName')}
          value={goal.label}
          onChange={(label) => onChange({ ...state, goal: { ...goal, label } }, 'goal.label')}
        />
        {!readOnly && (
          <Button
            type="text"
            size="small"
            icon={<Trash2 size={14} />}
            aria-label={t('design.dropGoal')}
            onClick={() => onChange({ ...state, goal: null })}
          />
        )}
      </div>
      <GateCondition
        object={object}
        state={state.key}
        value={goal.condition}
        onChange={(condition) => onChange({ ...state, goal: { ...goal, condition } }, 'goal.condition')}
      />
    </div>
  )
}
