import { Select } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { WhoList } from '@/controls/who/WhoList'
import { WhoPicker } from '@/controls/who/WhoPicker'
import { useLabel } from '@/kernel/language'
import { useDesigner } from '../context'
import styles from '../designer.module.css'
import { approvalsOf } from '../edits'
import type { StagePartProps } from './Basics'

/** Who answers for the stage, who takes part, who becomes the owner. */
export function People({ state, onChange }: StagePartProps) {
  const { t } = useTranslation()
  const { object } = useDesigner()
  return (
    <>
      {(['accountable', 'hand_over'] as const).map((name) => (
        <div key={name} className={styles.field}>
          <span className={styles.legend}>{t(`design.${name}`)}</span>
          <WhoPicker
            object={object}
            allowClear
            label={t(`design.${name}`)}
            value={state[name] ?? null}
            onChange={(who) => onChange({ ...state, [name]: who })}
          />
        </div>
      ))}
      <WhoList
        object={object}
        label={t('design.team')}
        value={state.team ?? []}
        onChange={(team) => onChange({ ...state, team })}
      />
    </>
  )
}

interface ApprovalSelectProps {
  label: string
  value: string | null | undefined
  onChange: (key: string | null) => void
}

/** One of the approvals of the Process, or none. */
export function ApprovalSelect({ label, value, onChange }: ApprovalSelectProps) {
  const { t } = useTranslation()
  const text = useLabel()
  const id = useId()
  const { definition } = useDesigner()
  const approvals = approvalsOf(definition)
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <Select
        id={id}
        allowClear
        placeholder={t('common.none')}
        notFoundContent={t('design.noApprovals')}
        value={value ?? null}
        options={approvals.map((one) => ({ value: one.key, label: text(one.label) }))}
        onChange={(key: string | undefined) => onChange(key ?? null)}
      />
      {approvals.length === 0 && <p className={styles.hint}>{t('design.noApprovals')}</p>}
    </div>
  )
}
