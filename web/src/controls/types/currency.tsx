import { lazy } from 'react'
import type { Control } from '../control'
import { TextDisplay } from './text'

export const control: Control = {
  type: 'currency',
  align: 'start',
  width: 88,
  Display: TextDisplay,
  Input: lazy(() => import('../inputs/CurrencyInput')),
}
