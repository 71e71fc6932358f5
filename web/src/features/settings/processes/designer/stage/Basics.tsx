import { InputNumber, Select } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { DefinedState, StateKind } from '@/api/types'
import { fieldOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { LabelInputs } from '../../../objects/LabelInputs'
import { ColorChoice } from '../ColorChoice'
import { useDesigner } from '../context'
import styles from '../designer.module.css'

export interface StagePartProps {
  state: DefinedState
  /** `touched` names the part that is being typed in. */
  onChange: (state: DefinedState, touched?: string) => void
}

const kinds: StateKind[] = ['open', 'won', 'lost', 'other']

/** Name, kind, colour, probability and forecast category. */
export function Basics({ state, onChange }: StagePartProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const { definition, object, readOnly } = useDesigner()
  const category = fieldOf(object, String(definition.derived?.forecast_category ?? ''))
  return (
    <>
      <LabelInputs
        label={t('design.stageName')}
        required
        value={state.label}
        onChange={(next) => onChange({ ...state, label: next }, 'label')}
      />
      <div className={styles.two}>
        <div className={styles.field}>
          <label htmlFor={`${id}-kind`}>{t('design.kind')}</label>
          <Select<StateKind>
            id={`${id}-kind`}
            value={state.kind}
            options={kinds.map((kind) => ({ value: kind, label: t(`design.kinds.${kind}`) }))}
            onChange={(kind) => onChange({ ...state, kind })}
          />
        </div>
        <div className={styles.field}>
          <label htmlFor={`${id}-probability`}>{t('design.probability')}</label>
          <InputNumber<number>
            id={`${id}-probability`}
            className={styles.full ?? ''}
            min={0}
            max={100}
            precision={0}
            suffix="%"
            value={state.probability ?? 0}
            onChange={(probability) => onChange({ ...state, probability: probability ?? 0 }, 'probability')}
          />
        </div>
      </div>
      {category && (
        <div className={styles.field}>
          <label htmlFor={`${id}-category`}>{t('design.category')}</label>
          <Select
            id={`${id}-category`}
            allowClear
            placeholder={t('common.none')}
            value={state.forecast_category ?? null}
            options={category.choices
              .filter((one) => !one.retired)
              .map((one) => ({ value: one.key, label: label(one.label) }))}
            onChange={(key: string | undefined) => onChange({ ...state, forecast_category: key ?? null })}
          />
        </div>
      )}
      <ColorChoice value={state.color} disabled={readOnly} onChange={(color) => onChange({ ...state, color })} />
    </>
  )
}
