import { type Control, lazyInput } from '../control'
import { TextDisplay } from './text'

export const control: Control = {
  type: 'currency',
  align: 'start',
  width: 88,
  Display: TextDisplay,
  Input: lazyInput(() => import('../inputs/CurrencyInput')),
}
