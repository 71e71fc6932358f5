import { useTranslation } from 'react-i18next'
import type { Approval } from '@/api/types'
import { useLabel } from '@/kernel/language'
import styles from './approvals.module.css'

/** What came of it for the record: where it went, or why it stayed. */
export function ApprovalOutcome({ approval }: { approval: Approval }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { to_label: to, stayed, not_needed: idle } = approval.outcome
  if (idle) return <p className={styles.quiet}>{t('approvals.notNeeded')}</p>
  if (!to) return null
  if (!stayed) return <p className={styles.quiet}>{t('approvals.movedTo', { stage: label(to) })}</p>
  const why = stayed.map((one) => label(one)).join('；')
  return <p className={styles.warning}>{t('approvals.stayed', { stage: label(to), why })}</p>
}
