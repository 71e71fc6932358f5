import { formatMoney } from '@/kernel/format'
import { useLanguage } from '@/kernel/language'
import { useMe } from '@/kernel/session'
import { type Control, type DisplayProps, lazyInput } from '../control'

/** The currency of an amount: the record's own, else that of the organisation. */
export function currencyOf(field: DisplayProps['field'], record: DisplayProps['record'], fallback: string): string {
  const own = field.currency_field ? record?.[field.currency_field] : undefined
  return typeof own === 'string' && own ? own : fallback
}

export function MoneyDisplay({ value, field, record, full }: DisplayProps) {
  const language = useLanguage()
  const { organisation } = useMe()
  const currency = currencyOf(field, record, organisation.currency)
  const exact = formatMoney(Number(value), currency, language, true)
  if (full) return <>{exact}</>
  return <span title={exact}>{formatMoney(Number(value), currency, language)}</span>
}

export const control: Control = {
  type: 'money',
  align: 'end',
  width: 120,
  Display: MoneyDisplay,
  Input: lazyInput(() => import('../inputs/NumberInput')),
}
