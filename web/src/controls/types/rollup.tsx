import type { Control } from '../control'
import { ComputedDisplay } from './formula'

export const control: Control = { type: 'rollup', align: 'end', width: 120, Display: ComputedDisplay }
