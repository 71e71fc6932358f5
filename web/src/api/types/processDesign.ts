/** Shaping Processes: the definition as it is kept and published, and what the server says about a draft of it. */
import type { StateKind, Text } from './catalogue'
import type { Condition } from './records'

export type WhoKind = 'owner' | 'actor' | 'role' | 'person' | 'department' | 'department_head' | 'manager' | 'field'

/** Whom a part of a Process means, seen from a record. */
export interface Who {
  who: WhoKind
  role?: string
  person?: string
  department?: string
  level?: number
  field?: string
}

export interface GateCheck {
  key: string
  label: Text
  condition: Condition | null
  /** Asked for also on the way back and to lost. */
  always?: boolean
}

export type OutputKind = 'document' | 'field' | 'record' | 'note'

export interface StageOutput {
  kind: OutputKind
  label?: Text
  document_type?: string
  field?: string
  object?: string
}

export interface ActionTemplate {
  key: string
  label: Text
  help?: Text
  who?: Who
  due_days?: number
  must?: boolean
  output?: StageOutput | null
}

export type GuidancePart = 'why' | 'how' | 'done' | 'focus' | 'difficulty' | 'effect' | 'script'

export interface DefinedState {
  key: string
  label: Text
  kind: StateKind
  probability?: number
  forecast_category?: string | null
  color?: string | null
  guidance?: Partial<Record<GuidancePart, Text>>
  target_days?: number | null
  maximum_days?: number | null
  follow_up_days?: number | null
  goal?: { label: Text; condition: Condition | null } | null
  accountable?: Who | null
  inputs?: Text[]
  outputs?: StageOutput[]
  required?: string[]
  entry?: GateCheck[]
  exit?: GateCheck[]
  actions?: ActionTemplate[]
  on_leave?: 'carry' | 'close'
  hand_over?: Who | null
  team?: Who[]
  approval?: string | null
}

export interface DefinedTransition {
  key: string
  from: string | null
  to: string
  label?: Text
  required?: string[]
  who?: Who[]
  conditions?: GateCheck[]
  comment?: boolean
  approval?: string | null
  set?: Record<string, unknown>
}

export interface DefinedStep {
  key: string
  label: Text
  who: Who[]
  mode?: 'any' | 'all' | 'count'
  count?: number
  condition?: Condition | null
  comment?: 'never' | 'on_refusal' | 'always'
  remind_hours?: number | null
  escalate_hours?: number | null
  escalate_to?: Who | null
  parallel?: boolean
}

export interface DefinedApproval {
  key: string
  label: Text
  steps: DefinedStep[]
  condition?: Condition | null
  needs?: GateCheck[]
  lock?: boolean
  on_passed?: { move_to: string } | null
  on_refused?: { move_to: string } | null
}

export type MoveKind = 'forward' | 'skip' | 'back' | 'reopen' | 'win' | 'lose' | 'close'

export interface Definition {
  key: string
  object: string
  field: string
  process_field?: string | null
  sum_field?: string | null
  label: Text
  description?: Text
  is_default?: boolean
  derived?: Record<string, unknown>
  minimum?: string[]
  comment_on?: MoveKind[]
  forbid?: MoveKind[]
  states: DefinedState[]
  transitions?: DefinedTransition[]
  approvals?: DefinedApproval[]
}

/** What publishing would refuse; `at` is a place such as `states[2].exit[0].condition`. */
export interface DraftProblem {
  at: string
  message: string
  code: string
}

export interface DefinitionDifference {
  part: 'process' | 'states' | 'transitions' | 'approvals'
  kind: 'added' | 'removed' | 'changed'
  key: string
  label: Text
  changes: { what: string; label: Text; old: unknown; new: unknown }[]
}

export interface ProcessDraft {
  key: string
  definition: Definition
  based_on: number
  revision: number
  updated_by_label: string
  problem: DraftProblem | null
  differences: DefinitionDifference[]
  /** States that would go while records are in them. */
  leaving: { state: string; label: Text; count: number }[]
  newer: boolean
}

/** A condition of the published version that cannot be evaluated: it lets nobody through until it is mended. */
export interface ProcessFault {
  at: string
  kind: 'state' | 'transition' | 'approval'
  key: string
  part: string
  where: Text
  label: Text
  message: Text
  code: string
}

export interface ProcessSummary {
  key: string
  object: string
  label: Text
  version: number
  is_default: boolean
  records: number | null
  states: { key: string; label: Text; kind: StateKind; color: string | null }[]
  draft: boolean
  faults: ProcessFault[]
}

export interface ProcessVersion {
  version: number
  published_at: string
  published_by_label: string
  note: string | null
  mapping: Record<string, string> | null
}

export interface ProcessForecast {
  carried: { from: string; to: string; count: number }[]
  reached: { state: string; records: number }[]
  mapping?: Record<string, string>
}

export interface ProcessComment {
  id: string
  /** Key of a state, or empty for the whole. */
  place: string
  text: string
  at: string
  by: string | null
  by_label: string
  resolved_at: string | null
  resolved_by_label: string | null
}

/** A move of a record under the draft: what stands in its way, and the tasks that it would make. */
export interface SimulatedMove {
  key: string
  label: Text
  to: string
  move: MoveKind
  open: boolean
  /** Whether the published version lets it through today; null where that has no such move. */
  was_open: boolean | null
  gate: { met: SimulatedCheck[]; unmet: SimulatedCheck[] }
  tasks: { label: Text; must: boolean; due_days: number }[]
}

export interface SimulatedCheck {
  key: string
  part: string
  label: Text | string
  message: string
}

export interface SimulatedRecord {
  id: string
  label: string
  state: string | null
  moves: SimulatedMove[]
}

export interface EvidenceParameter {
  label: Text
  kind: string
  choices?: { key: string; label: Text }[]
}

export interface EvidenceKind {
  key: string
  label: Text
  parameters: Record<string, EvidenceParameter>
}
