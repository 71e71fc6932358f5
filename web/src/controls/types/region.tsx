import { lazy } from 'react'
import type { Control, DisplayProps } from '../control'

function RegionDisplay({ value }: DisplayProps) {
  const text = value && typeof value === 'object' && 'label' in value ? String(value.label) : String(value)
  return <span title={text}>{text}</span>
}

export const control: Control = {
  type: 'region',
  align: 'start',
  width: 152,
  Display: RegionDisplay,
  Input: lazy(() => import('../inputs/RegionInput')),
}
