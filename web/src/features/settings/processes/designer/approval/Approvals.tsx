import { Button, Checkbox, Select } from 'antd'
import { Plus, ShieldCheck, Trash2 } from 'lucide-react'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { DefinedApproval } from '@/api/types'
import { useLabel, useLanguage } from '@/kernel/language'
import { EmptyState } from '@/ui/EmptyState'
import { LabelInputs } from '../../../objects/LabelInputs'
import { Checks } from '../Checks'
import { useDesigner } from '../context'
import styles from '../designer.module.css'
import { addApproval, approvalsOf, changeApproval, removeApproval, textIn } from '../edits'
import { Part } from '../Part'
import { OptionalCondition } from './OptionalCondition'
import { Steps } from './Steps'

/** The approvals that stages and transitions of the Process may ask for. */
export function Approvals() {
  const { t } = useTranslation()
  const label = useLabel()
  const { definition, change, readOnly, place, open } = useDesigner()
  const approvals = approvalsOf(definition)
  const language = useLanguage()
  const add = () => {
    const [next, key] = addApproval(
      definition,
      textIn(language, t('design.newApproval')),
      textIn(language, t('design.newStep', { number: 1 })),
    )
    change(next)
    open({ kind: 'approval', key, part: '' })
  }
  const shown = approvals.find((one) => place?.kind === 'approval' && place.key === one.key) ?? approvals[0]
  const adder = !readOnly && (
    <Button icon={<Plus size={14} />} onClick={add}>
      {t('design.addApproval')}
    </Button>
  )
  if (!shown)
    return (
      <EmptyState
        icon={<ShieldCheck size={20} aria-hidden />}
        title={t('design.noApprovals')}
        hint={t('design.approvalsHint')}
        actions={adder}
      />
    )
  return (
    <div className={styles.approvals}>
      <div className={styles.right}>{adder}</div>
      <ul className={styles.approvalList}>
        {approvals.map((one) => (
          <li key={one.key}>
            <button
              type="button"
              className={styles.approvalName}
              aria-current={one.key === shown.key || undefined}
              onClick={() => open({ kind: 'approval', key: one.key, part: '' })}
            >
              {label(one.label) || t('common.unnamed')}
            </button>
          </li>
        ))}
      </ul>
      <ApprovalEditor key={shown.key} approval={shown} />
    </div>
  )
}

function ApprovalEditor({ approval }: { approval: DefinedApproval }) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const { definition, change, readOnly } = useDesigner()
  const put = (next: DefinedApproval, touched?: string) =>
    change(changeApproval(definition, next), touched && `${approval.key}.${touched}`)
  const states = definition.states.map((one) => ({ value: one.key, label: label(one.label) }))
  return (
    <div className={styles.approval} data-approval={approval.key}>
      <div className={styles.cardHead}>
        <LabelInputs
          required
          label={t('design.approvalName')}
          value={approval.label}
          onChange={(next) => put({ ...approval, label: next }, 'label')}
        />
        {!readOnly && (
          <Button
            type="text"
            danger
            icon={<Trash2 size={14} />}
            aria-label={t('design.dropNamed', { name: label(approval.label) })}
            onClick={() => change(removeApproval(definition, approval.key))}
          />
        )}
      </div>
      <Part open title={t('design.steps')} names={['steps']} count={approval.steps.length} hint={t('design.stepsHint')}>
        <Steps approval={approval} onChange={put} />
      </Part>
      <Part
        title={t('design.approvalCondition')}
        names={['condition']}
        count={approval.condition ? 1 : 0}
        hint={t('design.approvalConditionHint')}
      >
        <OptionalCondition
          value={approval.condition ?? null}
          onChange={(condition) => put({ ...approval, condition }, 'condition')}
        />
      </Part>
      <Part title={t('design.needs')} names={['needs']} count={approval.needs?.length} hint={t('design.needsHint')}>
        <Checks
          state={null}
          checks={approval.needs ?? []}
          onChange={(needs, touched) => put({ ...approval, needs }, touched && `needs.${touched}`)}
        />
      </Part>
      <Part open title={t('design.afterwards')} names={['lock', 'on_passed', 'on_refused', 'label', 'key', '']}>
        <Checkbox
          checked={approval.lock ?? true}
          onChange={(event) => put({ ...approval, lock: event.target.checked })}
        >
          {t('design.lock')}
        </Checkbox>
        <div className={styles.two}>
          {(['on_passed', 'on_refused'] as const).map((name) => (
            <div key={name} className={styles.field}>
              <label htmlFor={`${id}-${name}`}>{t(`design.${name}`)}</label>
              <Select
                id={`${id}-${name}`}
                allowClear
                placeholder={t('design.stays')}
                value={approval[name]?.move_to ?? null}
                options={states}
                onChange={(key: string | undefined) => put({ ...approval, [name]: key ? { move_to: key } : null })}
              />
            </div>
          ))}
        </div>
      </Part>
    </div>
  )
}
