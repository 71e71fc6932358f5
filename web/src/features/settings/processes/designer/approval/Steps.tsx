import { Button, Checkbox, InputNumber, Select } from 'antd'
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useContext, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { DefinedApproval, DefinedStep } from '@/api/types'
import { WhoList } from '@/controls/who/WhoList'
import { WhoPicker } from '@/controls/who/WhoPicker'
import { useLabel, useLanguage } from '@/kernel/language'
import { LabelInputs } from '../../../objects/LabelInputs'
import { FaultContext, useDesigner } from '../context'
import styles from '../designer.module.css'
import { freeKey, textIn } from '../edits'
import { OptionalCondition } from './OptionalCondition'

interface StepsProps {
  approval: DefinedApproval
  onChange: (approval: DefinedApproval, touched?: string) => void
}

/** Who decides, one after the other or side by side. */
export function Steps({ approval, onChange }: StepsProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const { readOnly } = useDesigner()
  const fault = useContext(FaultContext)
  const { steps } = approval
  const write = (next: DefinedStep[], touched?: string) => onChange({ ...approval, steps: next }, touched)
  const shift = (index: number, by: number) => {
    const next = [...steps]
    const [moved] = next.splice(index, 1)
    if (moved) next.splice(index + by, 0, moved)
    write(next)
  }
  const add = () => {
    const key = freeKey(
      '',
      steps.map((one) => one.key),
      'step',
    )
    const label = textIn(language, t('design.newStep', { number: steps.length + 1 }))
    write([...steps, { key, label, who: [{ who: 'manager', level: 1 }] }])
  }
  return (
    <>
      {steps.map((step, index) => (
        <StepCard
          key={step.key}
          step={step}
          index={index}
          faulty={index === fault}
          last={index === steps.length - 1}
          onShift={(by) => shift(index, by)}
          onChange={(next, touched) =>
            write(
              steps.flatMap((one) => (one.key === step.key ? (next ? [next] : []) : [one])),
              touched && `${step.key}.${touched}`,
            )
          }
        />
      ))}
      {!readOnly && (
        <Button type="dashed" block icon={<Plus size={14} />} onClick={add}>
          {t('design.addStep')}
        </Button>
      )}
    </>
  )
}

interface StepCardProps {
  step: DefinedStep
  index: number
  faulty: boolean
  last: boolean
  onChange: (step: DefinedStep | null, touched?: string) => void
  onShift: (by: 1 | -1) => void
}

function StepCard({ step, index, faulty, last, onChange, onShift }: StepCardProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const { object, readOnly } = useDesigner()
  const name = label(step.label) || t('common.unnamed')
  const hours = (key: 'remind_hours' | 'escalate_hours') => (
    <div className={styles.field}>
      <label htmlFor={`${id}-${key}`}>{t(`design.${key}`)}</label>
      <InputNumber<number>
        id={`${id}-${key}`}
        className={styles.full ?? ''}
        min={1}
        suffix={t('design.hours')}
        value={step[key] ?? null}
        onChange={(value) => onChange({ ...step, [key]: value }, key)}
      />
    </div>
  )
  return (
    <div className={styles.card} data-step={step.key} data-faulty={faulty || undefined}>
      <div className={styles.cardHead}>
        <LabelInputs
          label={t('design.stepName', { number: index + 1 })}
          value={step.label}
          onChange={(next) => onChange({ ...step, label: next }, 'label')}
        />
        {!readOnly && (
          <span className={styles.tools}>
            <Button
              type="text"
              size="small"
              disabled={index === 0}
              icon={<ArrowUp size={14} />}
              aria-label={t('design.up', { name })}
              onClick={() => onShift(-1)}
            />
            <Button
              type="text"
              size="small"
              disabled={last}
              icon={<ArrowDown size={14} />}
              aria-label={t('design.down', { name })}
              onClick={() => onShift(1)}
            />
            <Button
              type="text"
              size="small"
              icon={<Trash2 size={14} />}
              aria-label={t('design.dropNamed', { name })}
              onClick={() => onChange(null)}
            />
          </span>
        )}
      </div>
      <WhoList
        object={object}
        label={t('design.approvers')}
        value={step.who}
        onChange={(who) => onChange({ ...step, who })}
      />
      <div className={styles.two}>
        <div className={styles.field}>
          <label htmlFor={`${id}-mode`}>{t('design.mode')}</label>
          <Select
            id={`${id}-mode`}
            value={step.mode ?? 'any'}
            options={(['any', 'all', 'count'] as const).map((one) => ({ value: one, label: t(`design.modes.${one}`) }))}
            onChange={(mode) => onChange({ ...step, mode })}
          />
        </div>
        {step.mode === 'count' && (
          <div className={styles.field}>
            <label htmlFor={`${id}-count`}>{t('design.howMany')}</label>
            <InputNumber<number>
              id={`${id}-count`}
              className={styles.full ?? ''}
              min={1}
              max={50}
              precision={0}
              value={step.count ?? 1}
              onChange={(count) => onChange({ ...step, count: count ?? 1 }, 'count')}
            />
          </div>
        )}
        <div className={styles.field}>
          <label htmlFor={`${id}-comment`}>{t('design.commentRule')}</label>
          <Select
            id={`${id}-comment`}
            value={step.comment ?? 'on_refusal'}
            options={(['never', 'on_refusal', 'always'] as const).map((one) => ({
              value: one,
              label: t(`design.commentRules.${one}`),
            }))}
            onChange={(comment) => onChange({ ...step, comment })}
          />
        </div>
      </div>
      {index > 0 && (
        <Checkbox
          checked={step.parallel ?? false}
          onChange={(event) => onChange({ ...step, parallel: event.target.checked })}
        >
          {t('design.parallel')}
        </Checkbox>
      )}
      <div className={styles.two}>
        {hours('remind_hours')}
        {hours('escalate_hours')}
      </div>
      {step.escalate_hours ? (
        <div className={styles.field}>
          <span className={styles.legend}>{t('design.escalateTo')}</span>
          <WhoPicker
            object={object}
            allowClear
            label={t('design.escalateTo')}
            value={step.escalate_to ?? null}
            onChange={(escalate_to) => onChange({ ...step, escalate_to })}
          />
        </div>
      ) : null}
      <div className={styles.field}>
        <span className={styles.legend}>{t('design.stepCondition')}</span>
        <OptionalCondition
          value={step.condition ?? null}
          onChange={(condition) => onChange({ ...step, condition }, 'condition')}
        />
      </div>
    </div>
  )
}
