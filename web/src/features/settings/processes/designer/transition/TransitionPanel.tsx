import { Button, Checkbox, Select } from 'antd'
import { ArrowRight, X } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { DefinedTransition } from '@/api/types'
import { FieldInput, isEnterable } from '@/controls/FieldInput'
import { WhoList } from '@/controls/who/WhoList'
import { fieldOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ChoiceTag } from '@/ui/ChoiceTag'
import { LabelInputs } from '../../../objects/LabelInputs'
import { Checks } from '../Checks'
import { useDesigner } from '../context'
import styles from '../designer.module.css'
import { changeTransition, stateOf } from '../edits'
import { FieldsPicker } from '../FieldsPicker'
import { Part } from '../Part'
import { ApprovalSelect } from '../stage/People'

/** A transition: who may make it, what it asks for, what it sets. */
export function TransitionPanel({ move }: { move: DefinedTransition }) {
  const { t } = useTranslation()
  const { definition, object, change } = useDesigner()
  const put = (next: DefinedTransition, touched?: string) =>
    change(changeTransition(definition, next), touched && `${move.key}.${touched}`)
  return (
    <>
      <TransitionWay move={move} />
      <Part open title={t('design.parts.basics')} names={['label', 'key', 'from', 'to', '']}>
        <LabelInputs
          label={t('design.moveName')}
          value={move.label ?? { zh: '', en: '' }}
          onChange={(label) => put({ ...move, label }, 'label')}
        />
        <Checkbox checked={move.comment ?? false} onChange={(event) => put({ ...move, comment: event.target.checked })}>
          {t('design.moveComment')}
        </Checkbox>
      </Part>
      <Part open title={t('design.parts.who')} names={['who']} count={move.who?.length}>
        <WhoList
          object={object}
          label={t('design.parts.who')}
          empty={t('design.everybody')}
          value={move.who ?? []}
          onChange={(who) => put({ ...move, who })}
        />
      </Part>
      <Part open title={t('design.parts.required')} names={['required']} count={move.required?.length}>
        <FieldsPicker
          label={t('design.addRequired')}
          value={move.required ?? []}
          onChange={(required) => put({ ...move, required })}
        />
      </Part>
      <Part title={t('design.parts.conditions')} names={['conditions']} count={move.conditions?.length}>
        <Checks
          state={move.to}
          checks={move.conditions ?? []}
          onChange={(conditions, touched) => put({ ...move, conditions }, touched && `conditions.${touched}`)}
        />
      </Part>
      <Part
        title={t('design.parts.approval')}
        names={['approval']}
        count={move.approval ? 1 : 0}
        hint={t('design.moveApprovalHint')}
      >
        <ApprovalSelect
          label={t('design.parts.approval')}
          value={move.approval}
          onChange={(approval) => put({ ...move, approval })}
        />
      </Part>
      <Part
        title={t('design.parts.sets')}
        names={['set']}
        count={Object.keys(move.set ?? {}).length}
        hint={t('design.setsHint')}
      >
        <Sets move={move} onChange={(set, touched) => put({ ...move, set }, touched)} />
      </Part>
    </>
  )
}

/** From where to where. */
export function TransitionWay({ move }: { move: DefinedTransition }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { definition } = useDesigner()
  const from = move.from === null ? null : stateOf(definition, move.from)
  const to = stateOf(definition, move.to)
  return (
    <p className={styles.way}>
      {from ? <ChoiceTag label={label(from.label)} color={from.color} kind={from.kind} /> : t('design.fromAny')}
      <ArrowRight size={14} aria-hidden />
      {to && <ChoiceTag label={label(to.label)} color={to.color} kind={to.kind} />}
    </p>
  )
}

interface SetsProps {
  move: DefinedTransition
  onChange: (set: Record<string, unknown>, touched?: string) => void
}

/** Fields that the move fills by itself; an empty value empties the Field. */
function Sets({ move, onChange }: SetsProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const { object, readOnly } = useDesigner()
  const set = move.set ?? {}
  const offered = object.fields.filter((field) => isEnterable(field) && !(field.key in set))
  return (
    <>
      {Object.entries(set).map(([key, value]) => {
        const field = fieldOf(object, key)
        return (
          <div key={key} className={styles.setLine}>
            <label htmlFor={`${id}-${key}`}>{label(field?.label) || key}</label>
            <div>
              {field && (
                <FieldInput
                  id={`${id}-${key}`}
                  field={{ ...field, required: false }}
                  value={value}
                  object={object}
                  onChange={(next) => onChange({ ...set, [key]: idOf(next) }, `set.${key}`)}
                />
              )}
            </div>
            {!readOnly && (
              <Button
                type="text"
                size="small"
                icon={<X size={14} />}
                aria-label={t('design.dropField', { name: label(field?.label) })}
                onClick={() => {
                  const { [key]: _, ...rest } = set
                  onChange(rest)
                }}
              />
            )}
          </div>
        )
      })}
      {!readOnly && (
        <Select
          aria-label={t('design.addSet')}
          placeholder={t('design.addSet')}
          showSearch={{ optionFilterProp: 'label' }}
          value={null}
          options={offered.map((field) => ({ value: field.key, label: label(field.label) }))}
          onChange={(key: string | null) => key && onChange({ ...set, [key]: null })}
        />
      )}
    </>
  )
}

/** A link is written by its id. */
const idOf = (value: unknown): unknown =>
  value && typeof value === 'object' && 'id' in value ? value.id : (value ?? null)
