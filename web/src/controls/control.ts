/** What a field type is to the pages: how a value is shown, how it is entered, how wide its column starts. */
import { type ComponentType, lazy } from 'react'
import type { Field, ObjectDescription, RecordData } from '@/api/types'

export interface DisplayProps {
  value: unknown
  field: Field
  /** The record the value belongs to, for values that need a neighbour (an amount its currency). */
  record?: RecordData | undefined
  object?: ObjectDescription | undefined
  /** In full (record page) rather than short (list, card). */
  full?: boolean | undefined
}

/**
 * Inputs speak the read form (a link is `{id, label}`, a region `{code, label}`); `writable` turns it into the write
 * form. Empty is null.
 */
export interface InputProps {
  value: unknown
  field: Field
  onChange: (value: unknown) => void
  /** For the label and for messages: `id` of the element, `aria-describedby`. */
  id?: string | undefined
  describedBy?: string | undefined
  invalid?: boolean | undefined
  autoFocus?: boolean | undefined
  /** The neighbours' values, for inputs that need one. */
  record?: Record<string, unknown> | undefined
  object?: ObjectDescription | undefined
  /** In a table cell: no frame, open at once. `onDone` is called when a choice made by mouse completes the entry. */
  inline?: boolean | undefined
  onDone?: (() => void) | undefined
}

/** An input that is loaded when first needed, or ahead of it by `preload`. */
export type LazyInput = ComponentType<InputProps> & { preload: () => Promise<unknown> }

export function lazyInput(load: () => Promise<{ default: ComponentType<InputProps> }>): LazyInput {
  return Object.assign(lazy(load) as unknown as ComponentType<InputProps>, { preload: load })
}

export interface Control {
  type: string
  align: 'start' | 'end'
  /** Starting width of a column in CSS pixels. */
  width: number
  Display: ComponentType<DisplayProps>
  /** Left out for types that nobody types in (automatic number, formula, roll-up). */
  Input?: LazyInput
}
