import { lazy } from 'react'
import type { Control } from '../control'
import { TextDisplay } from './text'

export const control: Control = {
  type: 'long_text',
  align: 'start',
  width: 240,
  Display: TextDisplay,
  Input: lazy(() => import('../inputs/LongTextInput')),
}
