/** The audit log, data about a person, exports that need a word, the work log. */
import type { Text } from './catalogue'

export interface AuditDetail {
  part: string
  label: Text
  value: Text | null
  before: Text | null
  after: Text | null
}

export interface AuditEntry {
  id: string
  at: string
  kind: string
  group: string
  label: Text
  actor: { kind: string; id: string | null; person: string | null; label: string }
  object: string | null
  object_label: Text | null
  record: string | null
  /** Null where the record is gone, or is not the reader's to see. */
  record_label: string | null
  details: AuditDetail[]
  /** The place in the hash chain; null: not sealed yet. */
  number: number | null
}

export interface AuditGroup {
  key: string
  label: Text
  kinds: { kind: string; label: Text }[]
}

/** What is looked for; parts that are left out do not narrow. */
export interface AuditSearch {
  since?: string | null
  until?: string | null
  person?: string | null
  kinds?: string | null
  q?: string | null
}

export interface AuditSettings {
  /** 0 keeps entries for ever. */
  keep_days: number
  least_days: number
  /** Null: no export needs approval. */
  approve_exports_above: number | null
  watermark_pages: boolean
  watermark_exports: boolean
}

export interface AuditVerification {
  sound: boolean
  entries: number
  waiting: number
  since: number
  head: string
  findings: { what: string; number: number | null; entry: string | null; message: string }[]
}

/** An export that waits for an administrator's word. */
export interface AskedExport {
  id: string
  object: string
  format: string
  total: number
  reason: string
  filter: Text | null
  created_at: string
  created_by: string
  created_by_label: string
}

interface Mentions {
  object: string
  label: Text
  count: number
}

/** What is held about the person of a record, and what erasing it would take along. */
export interface PersonData {
  fields: { key: string; label: Text }[]
  merged: number
  files: number
  /** Records with a number or an address of the person. */
  certain: Mentions[]
  /** Records with a name that may mean somebody else as well. */
  likely: Mentions[]
}

export type WorkFigure =
  | 'created'
  | 'changed'
  | 'moved'
  | 'activities'
  | 'tasks_done'
  | 'files'
  | 'approvals'
  | 'deleted'
  | 'restored'
  | 'merged'

export interface WorkEntry {
  object: string
  object_label: Text
  record: string
  label: string | null
  what: string[]
  fields: Text[]
  state: Text | null
  count: number
  first_at: string
  last_at: string
}

export interface WorkLog {
  days: { on: string; figures: Record<WorkFigure, number>; entries: WorkEntry[] }[]
  totals: Record<WorkFigure, number>
}
