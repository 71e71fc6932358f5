/** What describes an organisation: Objects, Fields, Processes, operators. */

/** One sentence or label in both languages. */
export interface Text {
  zh: string
  en: string
}

export type ValueKind = 'text' | 'number' | 'boolean' | 'date' | 'instant' | 'choice' | 'choices' | 'link' | 'region'

export type Verb = 'read' | 'create' | 'edit' | 'delete' | 'export' | 'import' | 'bulk'

export type Origin = 'system' | 'shipped' | 'custom'

export interface Choice {
  key: string
  label: Text
  color: string | null
  retired?: boolean
}

/** A Field as the actor may see it. */
export interface Field {
  key: string
  type: string
  kind: ValueKind | null
  label: Text
  help: Text | null
  required: boolean
  unique: boolean
  readonly: boolean
  computed: boolean
  hidden: boolean
  personal: boolean
  /** Only the masked form of its values is shown. */
  masked: boolean
  default: unknown
  origin: Origin
  options: Record<string, unknown>
  choices: Choice[]
  operators: string[]
  sortable: boolean
  groupable: boolean
  target: string | null
  currency_field: string | null
}

export type StateKind = 'open' | 'won' | 'lost' | 'other'

export interface State {
  key: string
  label: Text
  kind: StateKind
  probability: number
  forecast_category: string | null
  color: string | null
  /** By part: why, how, done, focus, difficulty, effect, script. */
  guidance: Partial<Record<string, Text>>
  target_days: number | null
  maximum_days: number | null
  follow_up_days: number | null
  required: string[]
}

export interface Transition {
  key: string
  from: string | null
  to: string
  label: Text | null
  required: string[]
  comment: boolean
}

export interface Process {
  key: string
  label: Text
  field: string
  process_field: string | null
  sum_field: string | null
  minimum: string[]
  is_default: boolean
  version: number
  states: State[]
  transitions: Transition[]
}

export interface SortKey {
  field: string
  dir: 'asc' | 'desc'
}

export interface FormSection {
  key: string
  label: Text
  fields: string[]
}

export interface Layouts {
  list?: { columns?: string[]; sort?: SortKey[] }
  form?: { sections?: FormSection[] }
  header?: string[]
  board?: { card?: string[]; sums?: string[] }
}

export interface ObjectSummary {
  key: string
  label: Text
  label_plural: Text
  icon: string
  group: string
  order: number
  name_field: string
  tracked: boolean
  origin: Origin
  verbs: Verb[]
  processes: string[]
}

/** Another Object whose link Field points here. */
export interface Related {
  object: string
  field: string
  label: Text
}

/** An Object drawn in full: everything a page needs to show its records. */
export interface ObjectDescription extends Omit<ObjectSummary, 'processes'> {
  /** Whether its records have a health. */
  health: boolean
  /** Whether its records are tasks, which stages may make. */
  task: boolean
  fields: Field[]
  layouts: Layouts
  processes: Process[]
  related: Related[]
  /** How its records stand in timelines; null where they are no activities. */
  activity: { at: string[] } | null
}

export interface Operator {
  key: string
  label: Text
  kinds: ValueKind[]
  argument: string
  sentence?: Text
}

/** A type that a Field can have. */
export interface FieldType {
  key: string
  label: Text
  kind: ValueKind
  computed: boolean
  readonly: boolean
  takes_choices: boolean
  can_be_unique: boolean
  can_be_name: boolean
}

/** A function or an operator of formulas, with its help. */
export interface FormulaFunction {
  key: string
  label: Text
  help: Text
  example: string
  arguments: { name: Text; optional: boolean; repeated: boolean }[]
  result: string
}

export interface RegionNode {
  code: string
  label: string | Text
  children?: RegionNode[]
}
