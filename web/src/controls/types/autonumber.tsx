import type { Control } from '../control'
import { TextDisplay } from './text'

export const control: Control = { type: 'autonumber', align: 'start', width: 136, Display: TextDisplay }
