import { formatNumber } from '@/kernel/format'
import { useLanguage } from '@/kernel/language'
import { type Control, type DisplayProps, lazyInput } from '../control'

export function scaleOf(field: DisplayProps['field']): number | undefined {
  return typeof field.options.scale === 'number' ? field.options.scale : undefined
}

export function NumberDisplay({ value, field }: DisplayProps) {
  const language = useLanguage()
  // What is computed has as many decimals as the arithmetic gave it; two of them say enough.
  const number = field.computed ? Math.round(Number(value) * 100) / 100 : Number(value)
  return <>{formatNumber(number, language, scaleOf(field), field.options.grouped !== false)}</>
}

export const control: Control = {
  type: 'number',
  align: 'end',
  width: 112,
  Display: NumberDisplay,
  Input: lazyInput(() => import('../inputs/NumberInput')),
}
