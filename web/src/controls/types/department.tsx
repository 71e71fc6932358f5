import { lazy } from 'react'
import type { Control, DisplayProps } from '../control'
import { readLink } from './link'

function DepartmentDisplay({ value }: DisplayProps) {
  return <>{readLink(value)?.label}</>
}

export const control: Control = {
  type: 'department',
  align: 'start',
  width: 128,
  Display: DepartmentDisplay,
  Input: lazy(() => import('../inputs/LinkInput')),
}
