import { useTranslation } from 'react-i18next'
import type { ApprovalEvent } from '@/api/types'
import { useLabel } from '@/kernel/language'
import styles from './timeline.module.css'

/** Which approval and step, to whom it went, what was said, and what came of it. */
export function TimelineApproval({ told }: { told: ApprovalEvent }) {
  const { t } = useTranslation()
  const label = useLabel()
  const facts = [
    label(told.label),
    told.step_label && label(told.step_label),
    Array.isArray(told.to) && t('approvals.event.to', { who: told.to.join('、') }),
    told.back_to && t('approvals.event.backTo', { step: label(told.back_to) }),
    told.to_label && !told.stayed && t('approvals.movedTo', { stage: label(told.to_label) }),
    told.not_needed && t('approvals.notNeeded'),
  ]
  return (
    <>
      <p>{facts.filter(Boolean).join(' · ')}</p>
      {told.comment && <p className={styles.note}>{told.comment}</p>}
      {told.stayed && told.to_label && (
        <p className={styles.quiet}>
          {t('approvals.stayed', {
            stage: label(told.to_label),
            why: told.stayed.map((one) => label(one)).join('；'),
          })}
        </p>
      )}
    </>
  )
}
