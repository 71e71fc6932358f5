import { formatMoney, formatNumber, formatShort } from '@/kernel/format'
import { useLanguage } from '@/kernel/language'
import { useMe } from '@/kernel/session'
import type { Column } from '../columns'
import type { Sums } from '../figures'
import styles from './grid.module.css'

/** The sums of one column: the organisation's currency first, others beside it; in full on hover. */
export function Amounts({ column, sums }: { column: Column; sums: Sums | undefined }) {
  const language = useLanguage()
  const { organisation } = useMe()
  if (!sums) return null
  const money = column.source.field.type === 'money'
  const entries = Object.entries(sums)
    .filter(([, value]) => value !== 0)
    .sort(([a], [b]) => Number(b === organisation.currency) - Number(a === organisation.currency))
  const show = ([currency, value]: [string, number], full: boolean) =>
    money
      ? formatMoney(value, currency || organisation.currency, language, full)
      : full
        ? formatNumber(value, language)
        : formatShort(value, language)
  const merged: [string, number][] = money ? entries : [['', entries.reduce((sum, [, value]) => sum + value, 0)]]
  if (merged.length === 0) return null
  const [first, ...rest] = merged
  return (
    <span className={styles.amounts} title={merged.map((entry) => show(entry, true)).join('\n')}>
      {first && show(first, false)}
      {rest.length > 0 && <span className={styles.moreCurrencies}>+{rest.length}</span>}
    </span>
  )
}
