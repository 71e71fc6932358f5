import { type Control, lazyInput } from '../control'
import { TextDisplay } from './text'

export const control: Control = {
  type: 'long_text',
  align: 'start',
  width: 240,
  Display: TextDisplay,
  Input: lazyInput(() => import('../inputs/LongTextInput')),
}
