import { Button, InputNumber, Segmented, Select } from 'antd'
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useContext, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { ActionTemplate } from '@/api/types'
import { WhoPicker } from '@/controls/who/WhoPicker'
import { useLabel } from '@/kernel/language'
import { LabelInputs } from '../../../objects/LabelInputs'
import { FaultContext, useDesigner } from '../context'
import styles from '../designer.module.css'
import { freeKey } from '../edits'
import { OutputEditor } from '../OutputEditor'
import type { StagePartProps } from './Basics'

/** The tasks that entering the stage makes. */
export function Actions({ state, onChange }: StagePartProps) {
  const { t } = useTranslation()
  const { readOnly } = useDesigner()
  const fault = useContext(FaultContext)
  const id = useId()
  const actions = state.actions ?? []
  const write = (next: ActionTemplate[], touched?: string) => onChange({ ...state, actions: next }, touched)
  const put = (key: string, next: ActionTemplate | null, touched?: string) =>
    write(
      actions.flatMap((one) => (one.key === key ? (next ? [next] : []) : [one])),
      touched,
    )
  const shift = (index: number, by: number) => {
    const next = [...actions]
    const [moved] = next.splice(index, 1)
    if (moved) next.splice(index + by, 0, moved)
    write(next)
  }
  const add = () => {
    const key = freeKey(
      '',
      actions.map((one) => one.key),
      'action',
    )
    write([...actions, { key, label: { zh: '', en: '' }, who: { who: 'owner' }, due_days: 1, must: true }])
  }
  return (
    <>
      {actions.map((action, index) => (
        <ActionCard
          key={action.key}
          action={action}
          faulty={index === fault}
          first={index === 0}
          last={index === actions.length - 1}
          onChange={(next, touched) => put(action.key, next, touched)}
          onShift={(by) => shift(index, by)}
        />
      ))}
      {!readOnly && (
        <Button type="dashed" block icon={<Plus size={14} />} onClick={add}>
          {t('design.addAction')}
        </Button>
      )}
      {actions.length > 0 && (
        <div className={styles.field}>
          <label htmlFor={`${id}-leave`}>{t('design.onLeave')}</label>
          <Select
            id={`${id}-leave`}
            value={state.on_leave ?? 'carry'}
            options={(['carry', 'close'] as const).map((one) => ({ value: one, label: t(`design.leave.${one}`) }))}
            onChange={(on_leave) => onChange({ ...state, on_leave })}
          />
        </div>
      )}
    </>
  )
}

interface ActionCardProps {
  action: ActionTemplate
  faulty: boolean
  first: boolean
  last: boolean
  onChange: (action: ActionTemplate | null, touched?: string) => void
  onShift: (by: 1 | -1) => void
}

function ActionCard({ action, faulty, first, last, onChange, onShift }: ActionCardProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const { object, readOnly } = useDesigner()
  const name = label(action.label) || t('common.unnamed')
  return (
    <div className={styles.card} data-action={action.key} data-faulty={faulty || undefined}>
      <div className={styles.cardHead}>
        <LabelInputs
          label={t('design.actionName')}
          value={action.label}
          autoFocus={!action.label.zh && !action.label.en}
          onChange={(next) => onChange({ ...action, label: next }, `action.${action.key}.label`)}
        />
        {!readOnly && (
          <span className={styles.tools}>
            <Button
              type="text"
              size="small"
              disabled={first}
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
      <div className={styles.two}>
        <div className={styles.field}>
          <span className={styles.legend}>{t('design.actionWho')}</span>
          <WhoPicker
            object={object}
            label={t('design.actionWho')}
            value={action.who ?? { who: 'owner' }}
            onChange={(who) => onChange({ ...action, ...(who && { who }) })}
          />
        </div>
        <div className={styles.field}>
          <label htmlFor={`${id}-due`}>{t('design.due')}</label>
          <InputNumber<number>
            id={`${id}-due`}
            className={styles.full ?? ''}
            min={0}
            max={365}
            precision={0}
            suffix={t('design.workingDays')}
            value={action.due_days ?? 0}
            onChange={(days) => onChange({ ...action, due_days: days ?? 0 }, `action.${action.key}.due`)}
          />
        </div>
      </div>
      <div className={styles.two}>
        <div className={styles.field}>
          <span className={styles.legend}>{t('design.weight')}</span>
          <Segmented
            aria-label={t('design.weight')}
            value={action.must ? 'must' : 'should'}
            options={(['must', 'should'] as const).map((one) => ({ value: one, label: t(`templates.${one}`) }))}
            onChange={(one) => onChange({ ...action, must: one === 'must' })}
          />
        </div>
        <div className={styles.field}>
          <span className={styles.legend}>{t('design.output.title')}</span>
          <OutputEditor
            allowNone
            value={action.output ?? null}
            onChange={(output) => onChange({ ...action, output })}
          />
        </div>
      </div>
      <LabelInputs
        long
        label={t('design.actionHelp')}
        value={action.help ?? { zh: '', en: '' }}
        onChange={(help) => onChange({ ...action, help }, `action.${action.key}.help`)}
      />
    </div>
  )
}
