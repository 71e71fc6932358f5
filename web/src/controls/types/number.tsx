import { lazy } from 'react'
import { formatNumber } from '@/kernel/format'
import { useLanguage } from '@/kernel/language'
import type { Control, DisplayProps } from '../control'

export function scaleOf(field: DisplayProps['field']): number | undefined {
  return typeof field.options.scale === 'number' ? field.options.scale : undefined
}

export function NumberDisplay({ value, field }: DisplayProps) {
  const language = useLanguage()
  return <>{formatNumber(Number(value), language, scaleOf(field))}</>
}

export const control: Control = {
  type: 'number',
  align: 'end',
  width: 112,
  Display: NumberDisplay,
  Input: lazy(() => import('../inputs/NumberInput')),
}
