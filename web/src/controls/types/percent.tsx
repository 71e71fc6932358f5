import { formatPercent } from '@/kernel/format'
import { useLanguage } from '@/kernel/language'
import { type Control, type DisplayProps, lazyInput } from '../control'
import { scaleOf } from './number'

function PercentDisplay({ value, field }: DisplayProps) {
  const language = useLanguage()
  return <>{formatPercent(Number(value), language, scaleOf(field))}</>
}

export const control: Control = {
  type: 'percent',
  align: 'end',
  width: 96,
  Display: PercentDisplay,
  Input: lazyInput(() => import('../inputs/NumberInput')),
}
