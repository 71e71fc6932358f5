import type { ComponentType } from 'react'
import type { Control, DisplayProps } from '../control'
import { BooleanDisplay } from './boolean'
import { DateDisplay } from './date'
import { InstantDisplay } from './instant'
import { MoneyDisplay } from './money'
import { NumberDisplay } from './number'
import { TextDisplay } from './text'

const byResult: Record<string, ComponentType<DisplayProps>> = {
  money: MoneyDisplay,
  number: NumberDisplay,
  boolean: BooleanDisplay,
  date: DateDisplay,
  instant: InstantDisplay,
}

/** A computed value, shown as what it results in. */
export function ComputedDisplay(props: DisplayProps) {
  const result =
    typeof props.field.options.result === 'string' ? props.field.options.result : (props.field.kind ?? 'text')
  const Display = byResult[result] ?? TextDisplay
  return <Display {...props} />
}

export const control: Control = { type: 'formula', align: 'start', width: 128, Display: ComputedDisplay }
