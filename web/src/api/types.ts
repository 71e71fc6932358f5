/** The HTTP contract in TypeScript: what `/api/v1` sends and takes. */

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
  guidance: Text | null
}

export interface Transition {
  key: string
  from: string | null
  to: string
  label: Text | null
  required: string[]
}

export interface Process {
  key: string
  label: Text
  field: string
  process_field: string | null
  sum_field: string | null
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
  fields: Field[]
  layouts: Layouts
  processes: Process[]
  related: Related[]
}

export interface LinkValue {
  id: string
  label: string
}

export interface RegionValue {
  code: string
  label: string
}

/** A record as read: system columns and the selected values; a path column is keyed by its path. */
export interface RecordData {
  id: string
  version: number
  [column: string]: unknown
}

export type ConditionLeaf = { field: string; op: string; value?: unknown }
export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | ConditionLeaf

export interface QueryRequest {
  where?: Condition | null
  select?: string[]
  sort?: SortKey[]
  limit?: number
  cursor?: string | null
  count?: boolean
  as_of?: string | null
  deleted?: boolean
  q?: string
}

export interface QueryResult {
  records: RecordData[]
  next_cursor: string | null
  total?: number
}

export type Bucket = 'day' | 'week' | 'month' | 'quarter' | 'year'
export interface Measure {
  fn: 'count' | 'sum' | 'avg' | 'min' | 'max'
  field?: string
}
export interface AggregateRequest {
  where?: Condition | null
  group_by?: (string | { field: string; bucket?: Bucket })[]
  measures?: Measure[]
  as_of?: string | null
  q?: string
  sort?: SortKey[]
  limit?: number
}
export interface AggregateColumn {
  key: string
  kind: 'group' | 'measure'
  field: string | null
  fn?: string
}
export interface AggregateResult {
  columns: AggregateColumn[]
  rows: unknown[][]
}

export interface BoardRequest {
  where?: Condition | null
  select?: string[]
  per_state?: number
  sort?: SortKey[]
  q?: string
  as_of?: string | null
}
export interface BoardState {
  key: string
  count: number
  sums: Record<string, Record<string, number>>
  records: RecordData[]
  next_cursor: string | null
}
export interface Board {
  process: string
  states: BoardState[]
}

export interface ProblemItem {
  field: string | null
  code: string
  message: string
  evidence?: Record<string, unknown>
}

export interface BatchRequest {
  create?: Record<string, unknown>[]
  update?: ({ id: string; version?: number } & Record<string, unknown>)[]
  delete?: (string | { id: string })[]
  restore?: string[]
  all_or_nothing?: boolean
}
export interface BatchOutcome {
  id: string | null
  version?: number
  status: 'created' | 'updated' | 'unchanged' | 'deleted' | 'restored' | 'rejected'
  errors?: ProblemItem[]
}

export interface Gate {
  met: { message: string }[]
  unmet: { message: string; field?: string | null }[]
}
export interface OfferedTransition {
  key: string
  to: string
  label: Text
  required: string[]
  gate?: Gate
}

export interface HistoryChange {
  field: string
  label: Text
  old: unknown
  new: unknown
  old_label?: string | null
  new_label?: string | null
}
export interface HistoryEvent {
  at: string
  actor: { kind: string; label: string }
  kind: 'created' | 'updated' | 'deleted' | 'restored' | 'merged'
  door: string
  changes: HistoryChange[]
}
export interface Visit {
  state: string
  label: Text
  entered_at: string
  left_at: string | null
  days: number
  by: string | null
}

export interface SearchResult {
  groups: { object: string; records: { id: string; label: string; subtitle: string | null }[] }[]
}

export interface ViewDefinition {
  where?: Condition | null
  sort?: SortKey[]
  columns?: { key: string; width?: number }[]
  group?: string | null
  /** For boards: the process and the fields on a card. */
  process?: string
  card?: string[]
}
export interface View {
  id: string
  object: string
  name: string
  kind: 'list' | 'board'
  shared: boolean
  mine?: boolean
  definition: ViewDefinition
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

/** What would become of the values of a Field under another type. */
export interface RetypePreview {
  rows: number
  filled: number
  converted: number
  rejected: number
  rejects: { value: string; count: number; problem: { code: string; message: string | Text } }[]
  /** Pairs of a value as it is and as it would be. */
  examples: [string, string][]
  /** The choices that would be made of the values. */
  choices: string[]
}

export interface Retype {
  id: string
  state: 'running' | 'held' | 'done' | 'cancelled' | 'failed'
  total: number
  done: number
  rejected: number
  message?: string | Text | null
}

export interface Role {
  key: string
  label: Text
  origin: Origin
}

/** How a person signs in; `login` is null where they cannot. */
export interface Login {
  login: string | null
  disabled: boolean
  roles: string[]
  has_password: boolean
  signed_in_at: string | null
}

export interface ApiToken {
  id: string
  label: string
  scopes: string[] | null
  created_at: string
  expires_at: string | null
  used_at: string | null
}

export interface RegionNode {
  code: string
  label: string | Text
  children?: RegionNode[]
}

export interface Me {
  person: { id: string; name: string; login: string; department: LinkValue | string | null }
  roles: { key: string; label: Text }[]
  organisation: { slug: string; title: string; demo: boolean; currency: string; zone: string; language: 'zh' | 'en' }
  language: 'zh' | 'en' | null
  theme: 'light' | 'dark' | 'system' | null
  zone: string
  csrf: string
  today: string
  schema_version: number
  administrator: boolean
}

export interface SessionOptions {
  organisations: { slug: string; title: string; demo: boolean }[]
  demo_accounts: { login: string; password: string; name: string; role: Text }[]
  language: 'zh' | 'en'
}

export interface ExportJob {
  id: string
  state: 'waiting' | 'running' | 'cancelling' | 'done' | 'failed' | 'cancelled'
  done: number
  total: number | null
  rate: number
  problem: string | null
}
