/** The sections of an Object's layout with their Fields; what the layout does not place comes last. */
import type { Field, ObjectDescription, Text } from '@/api/types'
import { fieldOf } from '@/kernel/describe'
import { isEnterable } from './FieldInput'

export interface Section {
  key: string
  /** Null for the section of the Fields that no layout places. */
  label: Text | null
  fields: Field[]
}

/** A currency comes right after the first amount of its section that it belongs to, wherever the layout has it. */
function currenciesAfterAmounts(fields: Field[]): Field[] {
  const amountOf = (currency: Field) => fields.find((field) => field.currency_field === currency.key)
  return fields.flatMap((field) => {
    if (field.type === 'currency' && amountOf(field)) return []
    const currency = fields.find((one) => one.key === field.currency_field)
    return currency && amountOf(currency) === field ? [field, currency] : [field]
  })
}

/** Sections with the Fields that pass; empty ones are left out. */
export function sectionsOf(object: ObjectDescription, passes: (field: Field) => boolean): Section[] {
  const placed = new Set<string>()
  const sections: Section[] = (object.layouts.form?.sections ?? []).map((section) => {
    for (const key of section.fields) placed.add(key)
    const fields = section.fields.map((key) => fieldOf(object, key)).filter((field): field is Field => Boolean(field))
    return { key: section.key, label: section.label, fields: currenciesAfterAmounts(fields.filter(passes)) }
  })
  const rest = object.fields.filter((field) => !placed.has(field.key) && !field.hidden && passes(field))
  return [...sections, { key: '', label: null, fields: currenciesAfterAmounts(rest) }].filter(
    (section) => section.fields.length > 0,
  )
}

/** What a person fills in. */
export const formSections = (object: ObjectDescription): Section[] => sectionsOf(object, isEnterable)
