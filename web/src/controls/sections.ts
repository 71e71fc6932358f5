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

/** Sections with the Fields that pass; empty ones are left out. */
export function sectionsOf(object: ObjectDescription, passes: (field: Field) => boolean): Section[] {
  const placed = new Set<string>()
  const sections: Section[] = (object.layouts.form?.sections ?? []).map((section) => {
    for (const key of section.fields) placed.add(key)
    const fields = section.fields.map((key) => fieldOf(object, key)).filter((field): field is Field => Boolean(field))
    return { key: section.key, label: section.label, fields: fields.filter(passes) }
  })
  const rest = object.fields.filter((field) => !placed.has(field.key) && !field.hidden && passes(field))
  return [...sections, { key: '', label: null, fields: rest }].filter((section) => section.fields.length > 0)
}

/** What a person fills in. */
export const formSections = (object: ObjectDescription): Section[] => sectionsOf(object, isEnterable)
