/** Approvals: who has to agree, in which order, and whose turn it is since when. */
import type { Text } from './catalogue'

export type ApprovalState = 'running' | 'passed' | 'refused' | 'returned' | 'recalled'
export type ApprovalBox = 'mine' | 'started' | 'decided' | 'all'
export type SeatState = 'open' | 'approved' | 'refused' | 'returned' | 'delegated' | 'closed'
export type ApprovalStepState = 'waiting' | 'open' | 'passed' | 'refused' | 'skipped'

/** `id` is null for a machine. */
export interface ApprovalPerson {
  id: string | null
  label: string
}

export interface ApprovalHolder extends ApprovalPerson {
  step: string
  since: string
}

/** One who decides a step; a step that began anew has seats of earlier rounds too. */
export interface ApprovalSeat {
  person: ApprovalPerson
  round: number
  state: SeatState
  opened_at: string
  decided_at: string | null
  comment: string | null
  delegated_by: string | null
}

/** Steps of one `turn` run together. */
export interface ApprovalStep {
  key: string
  label: Text
  turn: number
  mode: 'any' | 'all' | 'count'
  count: number
  comment: 'never' | 'on_refusal' | 'always'
  who: Text[]
  conditional: boolean
  state: ApprovalStepState
  round: number
  deciders: 'named' | 'escalated' | 'fallback'
  opened_at: string | null
  closed_at: string | null
  due_at: string | null
  overdue: boolean
  reminded_at: string | null
  escalated_at: string | null
  added_by: string | null
  seats: ApprovalSeat[]
}

/** Where the record went by the approval, or why it stayed. */
export interface ApprovalOutcome {
  to?: string
  to_label?: Text
  stayed?: Text[]
  not_needed?: boolean
}

export interface Approval {
  id: string
  object: string
  object_label: Text | null
  record: { id: string; label: string | null; visible: boolean }
  approval: string
  label: Text
  process: string
  state: ApprovalState
  lock: boolean
  stage: { key: string; label: Text | null }
  started_at: string
  started_by: ApprovalPerson
  comment: string | null
  finished_at: string | null
  finished_by: string | null
  outcome: ApprovalOutcome
  since: string | null
  overdue: boolean
  holders: ApprovalHolder[]
  may: { decide: string[]; recall: boolean; remind: boolean }
  steps: ApprovalStep[]
}

export interface ApprovalFact {
  field: string
  label: Text
  kind: string
  type: string
  value: unknown
  value_label: Text | null
}

export interface ApprovalDetail extends Approval {
  facts: ApprovalFact[]
  values: Record<string, unknown>
}

export interface OfferedApproval {
  key: string
  label: Text
  steps: Text[]
  lock: boolean
}

export interface RecordApprovals {
  approvals: Approval[]
  offered: OfferedApproval[]
}

export type ApprovalCounts = Record<ApprovalBox | 'overdue', number>

export interface ApprovalPage {
  approvals: Approval[]
  next_cursor: string | null
  counts: ApprovalCounts
}

export interface Decide {
  decision: 'approve' | 'refuse' | 'return'
  comment?: string
  to_step?: string
  step?: string
}

/** What an Event says about an approval. */
export interface ApprovalEvent {
  what:
    | 'started'
    | 'approved'
    | 'refused'
    | 'sent_back'
    | 'delegated'
    | 'added'
    | 'reminded'
    | 'escalated'
    | 'nobody'
    | 'own_request'
    | 'own_decision'
    | 'gone'
    | 'left'
    | 'passed'
    | 'failed'
    | 'returned'
    | 'recalled'
    | 'merged'
    | 'resumed'
  id: string
  label: Text
  step_label?: Text
  comment?: string
  to?: string[] | string
  to_label?: Text
  who?: string[]
  back_to?: Text
  stayed?: Text[]
  not_needed?: boolean
}
