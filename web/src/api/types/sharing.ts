/** With whom records are shared, the rules that share them, and handing over what somebody holds. */
import type { RightsProblem } from './access'
import type { Text } from './catalogue'
import type { Condition, LinkValue } from './records'

export type ShareLevel = 'read' | 'edit'

/** A record given to a person, or to a department and all below it. */
export interface Share {
  id: string
  person: LinkValue | null
  department: LinkValue | null
  level: ShareLevel
  /** The part in the team, where it has one. */
  role: string | null
  starts_at: string
  ends_at: string | null
  note: string | null
  given_by: LinkValue | null
  given_at: string
  state: 'active' | 'upcoming' | 'ended'
  /** Given to whoever asks. */
  mine: boolean
}

export interface TeamRole {
  key: string
  label: Text
  /** The level that somebody with this part usually needs. */
  usual: ShareLevel
  /** Whether a share gives it; the owner's part and that of approvers come by themselves. */
  given: boolean
}

export interface Follower extends LinkValue {
  since: string
}

export interface Sharing {
  may_share: boolean
  may_give_edit: boolean
  owner: LinkValue | null
  roles: TeamRole[]
  shares: Share[]
  ended: Share[]
  followers: Follower[]
  following: boolean
}

export interface NewShare {
  person?: string
  department?: string
  level: ShareLevel
  role?: string | null
  ends_at?: string | null
  note?: string | null
}

export interface ShareChange {
  level?: ShareLevel
  role?: string | null
  ends_at?: string | null
  note?: string | null
}

/** What an Event says about sharing. */
export interface SharingEvent {
  what: 'given' | 'changed' | 'ended' | 'merged' | 'separated'
  /** The share; with a merge and its undo there are several. */
  id?: string
  to?: string
  /** Whose share it was, where a hand-over gave it on. */
  from?: string
  level?: ShareLevel
  old_level?: ShareLevel | null
  role?: Text | null
  old_role?: Text
  ends_at?: string | null
  comment?: string
  /** What came over from a record that was merged into this one, or went again when that was undone. */
  shares?: {
    id: string
    to: string
    level: ShareLevel
    old_level: ShareLevel | null
    role: Text | null
    ends_at: string | null
  }[]
  followers?: LinkValue[]
}

/** Records for which a Condition holds are given to these people, departments and roles. */
export interface SharingRule {
  id: string
  label: Text
  object: string
  where: Condition | null
  people: LinkValue[]
  departments: LinkValue[]
  roles: string[]
  level: ShareLevel
  active: boolean
  position: number
  /** Why it gives nothing at present. */
  problems: RightsProblem[]
}

export interface SharingRuleBody {
  label: { zh: string; en: string }
  object: string
  where: Condition | null
  people: string[]
  departments: string[]
  roles: string[]
  level: ShareLevel
  active: boolean
}

/** Records that name a person in one Field; `open` are those that are not finished, null where nothing ever is. */
export interface HeldPart {
  key: string
  object: string
  field: string
  label: Text
  field_label: Text
  is_task: boolean
  total: number
  open: number | null
  departments: (LinkValue & { count: number })[]
}

export interface HeldBeside {
  key: 'approvals' | 'shares' | 'following' | 'rules' | 'processes'
  label: Text
  total: number
}

/** All that somebody holds. */
export interface Holdings {
  parts: HeldPart[]
  beside: HeldBeside[]
  processes: { key: string; label: Text; parts: Text[] }[]
}

export type HandOverSplit = 'one' | 'object' | 'department' | 'evenly'
export type HandOverExtent = 'all' | 'open' | 'none'

export interface HandOverPlan {
  person: string
  successors: string[]
  split: HandOverSplit
  by_object: Record<string, string>
  by_department: Record<string, string>
  parts: Record<string, HandOverExtent>
  leaves: boolean
  reason: string
}

export interface HandOver {
  id: string
  person: LinkValue
  successors: LinkValue[]
  split: HandOverSplit
  leaves: boolean
  reason: string
  state: 'waiting' | 'running' | 'done' | 'stopped' | 'undoing' | 'undone'
  total: number
  /** Dealt with so far, what stayed included. */
  done: number
  given: (LinkValue & { part: string; count: number })[]
  kept: { part: string; object: string | null; record: string | null; message: Text }[]
  kept_count: number
  taken_back: number
  problem: Text | null
  started_at: string
  started_by: LinkValue
  finished_at: string | null
  undone_at: string | null
  undone_by: string | null
}
