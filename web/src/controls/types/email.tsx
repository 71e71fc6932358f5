import { lazy } from 'react'
import type { Control, DisplayProps } from '../control'

function EmailDisplay({ value }: DisplayProps) {
  return <a href={`mailto:${value}`}>{String(value)}</a>
}

export const control: Control = {
  type: 'email',
  align: 'start',
  width: 196,
  Display: EmailDisplay,
  Input: lazy(() => import('../inputs/TextInput')),
}
