/** A Field while it is shaped, and the definition it is sent as. */
import type { Choice, Field, FieldType, Text } from '@/api/types'
import { hasText, trimmed } from '../LabelInputs'
import { keyOf } from '../useSchema'

export interface DraftChoice extends Choice {
  /** Stays with the line while it is edited; new choices have no key yet. */
  line: number
}

export interface FieldDraft {
  key: string
  type: string
  label: Text
  help: Text
  required: boolean
  unique: boolean
  readonly: boolean
  hidden: boolean
  personal: boolean
  default: unknown
  options: Record<string, unknown>
  choices: DraftChoice[]
}

const nothing: Text = { zh: '', en: '' }

let lastLine = 0
export const newChoice = (color: string | null): DraftChoice => ({ line: ++lastLine, key: '', label: nothing, color })

export const draftOf = (field: Field | null): FieldDraft => ({
  key: field?.key ?? '',
  type: field?.type ?? '',
  label: field?.label ?? nothing,
  help: field?.help ?? nothing,
  required: field?.required ?? false,
  unique: field?.unique ?? false,
  readonly: field?.readonly ?? false,
  hidden: field?.hidden ?? false,
  personal: field?.personal ?? false,
  default: field?.default ?? null,
  options: field?.options ?? {},
  choices: (field?.choices ?? []).map((choice) => ({ ...choice, line: ++lastLine })),
})

const choicesOf = (draft: FieldDraft) =>
  draft.choices
    .filter((choice) => hasText(choice.label))
    .map(({ key, label, color, retired }) => ({
      ...(key && { key }),
      label: trimmed(label),
      ...(color && { color }),
      retired: retired ?? false,
    }))

/** Options that say something; what was emptied is left out, so that the type's own start holds. */
const optionsOf = (options: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  )

/** What a new Field is sent as. The key is made here, so that it can be named in what comes after. */
export function definitionOf(draft: FieldDraft, type: FieldType | undefined, taken: string[]): Record<string, unknown> {
  const wanted = draft.key || keyOf(draft.label.en) || keyOf(draft.label.zh)
  return {
    ...(wanted && { key: draft.key ? wanted : freeKey(wanted, taken) }),
    type: draft.type,
    ...common(draft, type),
    options: optionsOf(draft.options),
  }
}

/** What a changed Field is sent as: only what may change. */
export function changesOf(draft: FieldDraft, field: Field, type: FieldType | undefined): Record<string, unknown> {
  const options = Object.fromEntries(
    Object.entries(optionsOf(draft.options)).filter(
      ([key, value]) => JSON.stringify(value) !== JSON.stringify(field.options[key]),
    ),
  )
  return { ...common(draft, type), ...(Object.keys(options).length > 0 && { options }) }
}

function common(draft: FieldDraft, type: FieldType | undefined): Record<string, unknown> {
  const computed = type?.computed ?? false
  return {
    label: trimmed(draft.label),
    help: draft.help.zh || draft.help.en ? trimmed(draft.help) : nothing,
    hidden: draft.hidden,
    personal: draft.personal,
    ...(!computed && { required: draft.required, default: draft.default ?? null }),
    ...(type?.can_be_unique && { unique: draft.unique }),
    ...(!computed && !type?.readonly && { readonly: draft.readonly }),
    ...(type?.takes_choices && { choices: choicesOf(draft) }),
  }
}

function freeKey(wanted: string, taken: string[]): string {
  let key = wanted
  for (let number = 2; taken.includes(key); number++) key = `${wanted}_${number}`
  return key
}
