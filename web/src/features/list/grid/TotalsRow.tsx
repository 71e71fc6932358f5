import { useTranslation } from 'react-i18next'
import type { ObjectDescription } from '@/api/types'
import { formatNumber } from '@/kernel/format'
import { useLanguage } from '@/kernel/language'
import type { Column } from '../columns'
import type { Figures } from '../figures'
import { Amounts } from './Amounts'
import styles from './grid.module.css'
import { checkWidth } from './props'

interface TotalsRowProps {
  object: ObjectDescription
  columns: Column[]
  totals: Figures | undefined
  width: number
  checks: boolean
}

/** The foot of the table: how many records, and what their amounts come to. */
export function TotalsRow({ columns, totals, width, checks }: TotalsRowProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <div role="rowgroup" className={styles.totals} style={{ width }}>
      <div role="row" className={styles.headRow}>
        {checks && <div role="gridcell" className={styles.headCheck} style={{ width: checkWidth }} />}
        {columns.map((column, index) => (
          <div
            key={column.path}
            role="gridcell"
            className={index === 0 ? styles.firstTotal : styles.total}
            data-align={column.align}
            style={{ width: column.width, ...(index === 0 && { left: checks ? checkWidth : 0 }) }}
          >
            {index === 0 ? (
              totals && (
                <strong>
                  {t('list.count', { count: totals.count, number: formatNumber(totals.count, language) })}
                </strong>
              )
            ) : (
              <Amounts column={column} sums={totals?.sums[column.path]} />
            )}
          </div>
        ))}
      </div>
    </div>
  )
}
