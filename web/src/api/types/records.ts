/** Records, and what is asked and told about them. */

import type { ApprovalEvent } from './approvals'
import type { SortKey, StateKind, Text } from './catalogue'
import type { FileEvent } from './files'
import type { SharingEvent } from './sharing'

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

/** One thing that mends an unmet condition. What else it holds depends on its kind. */
export interface Mend {
  kind: string
  field?: string
  object?: string
  link?: string
  /** What the linked record has to meet, as a Condition. */
  where?: unknown
  /** What evidence of this kind has to be. */
  value?: Record<string, unknown> | null
}

/** One condition of a gate, in words, and what can be done about it. */
export interface GateItem {
  key: string | null
  part: string | null
  label: Text | null
  message: string
  code: string
  field: string | null
  mend: Mend[]
}

export interface Gate {
  met: GateItem[]
  unmet: GateItem[]
}

/** A move that the Process knows from where the record is. */
export interface OfferedTransition {
  key: string
  process: string
  to: string
  label: Text
  to_label: Text
  kind: StateKind
  /** forward, skip, back, reopen, win, lose or close. */
  move: string | null
  required: string[]
  /** Whether it asks for a reason. */
  comment: boolean
  open: boolean
  gate: Gate
}

export interface MoveBody {
  transition?: string
  to_state?: string
  fields?: Record<string, unknown>
  comment?: string
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
  id: string
  at: string
  actor: { kind: string; label: string }
  kind: 'created' | 'updated' | 'deleted' | 'restored' | 'merged' | 'file' | 'approval' | 'sharing'
  /** What happened to a file, where that is what happened. */
  file: FileEvent | null
  approval: ApprovalEvent | null
  /** Who it is shared with since, where that is what happened. */
  sharing: SharingEvent | null
  door: string
  note: string | null
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

/** An entry into a state, as a timeline tells it. */
export interface TimelineStay {
  type: 'stage'
  at: string
  process: string
  state: string
  label: Text | null
  kind: StateKind | null
  color: string | null
  from: string | null
  from_label: Text | null
  entered_at: string
  left_at: string | null
  days: number
  by: string | null
  note: string | null
}

/** A linked record that is an activity; `on` is its day where it has no time. */
export interface TimelineActivityEntry {
  type: 'activity'
  id: string
  at: string
  on: string | null
  object: string
  label: string | null
  by: { id: string; label: string | null } | null
  facts: Record<string, unknown>
  text: string | null
}

export type TimelineEntry = ({ type: 'change' } & HistoryEvent) | TimelineStay | TimelineActivityEntry

/** An undo that is done (`undone` records went back), or one that goes on in the background (`records` will). */
export type UndoAnswer = { action: string; undone: number } | { action: string; records: number }

export interface ActionState {
  action: string
  label: string
  at: string
  records: number
  state: 'stands' | 'undoing' | 'undone'
}

export interface SearchResult {
  groups: { object: string; records: { id: string; label: string; subtitle: string | null }[] }[]
}
