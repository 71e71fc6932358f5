import { Button } from 'antd'
import { CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ProcessFault } from '@/api/types'
import { useLabel } from '@/kernel/language'
import styles from './designer/designer.module.css'

interface FaultsProps {
  faults: ProcessFault[]
  /** Leads to where one of them is mended. */
  onMend: (fault: ProcessFault) => void
}

/** The conditions of a published Process that cannot be evaluated: why, and the way to where they are mended. */
export function Faults({ faults, onMend }: FaultsProps) {
  const { t } = useTranslation()
  const label = useLabel()
  if (faults.length === 0) return null
  return (
    <section className={styles.faults} aria-label={t('design.faults.title')}>
      <p className={styles.faultsTitle}>
        <CircleAlert size={16} aria-hidden />
        {t('design.faults.lead', { count: faults.length })}
      </p>
      <ul className={styles.faultList}>
        {faults.map((fault) => (
          <li key={fault.at} className={styles.fault} data-fault={fault.at}>
            <span className={styles.faultWords}>
              {t('design.faults.one', {
                where: label(fault.where),
                label: label(fault.label),
                message: label(fault.message),
              })}
            </span>
            <Button size="small" onClick={() => onMend(fault)}>
              {t('design.faults.mend')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}
