/** What the import calls send and take; the Plan is explained in the how-to on importing. */

export type DateOrder = 'ymd' | 'dmy' | 'mdy' | 'ym'
export type Missing = 'create' | 'empty' | 'reject'

export interface ColumnPlan {
  field: string | null
  also: string[]
  date_order: DateOrder | null
  values: Record<string, string | null>
  missing: Missing
  factor: number | null
  [other: string]: unknown
}

export interface HistoryPlan {
  record: string
  state: string
  time: string
  person: string | null
  amount: string | null
}

export interface Plan {
  columns: Record<string, ColumnPlan>
  other_columns: 'propose' | 'ignore'
  key: string | null
  duplicates: 'update' | 'skip' | 'create'
  empty_cells: 'keep' | 'clear'
  defaults: Record<string, unknown>
  template: Record<string, string>
  pipeline: { create: boolean; name: string; states: string[] }
  history: HistoryPlan | null
  sheet: string | null
  header_row: number | null
  encoding: string | null
  delimiter: string | null
}

export interface CellProblem {
  line: number | null
  column?: string | null
  value?: string | null
  code?: string
  message: string
}

export interface ValueMatch {
  value: string
  count: number
  match: { key: string; label: string } | null
  how: string
  suggestions: string[]
}

export interface ColumnAnalysis {
  name: string
  filled: number
  distinct: number | null
  samples: string[]
  holds: string
  share: number
  date_orders: DateOrder[] | null
  proposal: { field: string | null; confidence: number; reason: string; alternatives: string[] }
  values: { field: string; different: number; unknown: number; values: ValueMatch[] } | null
  problems: { count: number; first: CellProblem[] }
}

export interface Question {
  code: string
  field: string | null
  message: string
  evidence?: { column?: string; options?: DateOrder[]; sample?: string }
}

export interface Analysis {
  rows: number
  layout: {
    kind: string
    header_row: number
    encoding: string | null
    delimiter: string | null
    sheet: string | null
  }
  sheets: { name: string; rows: number; visible: boolean }[]
  columns: ColumnAnalysis[]
  key: { column: string | null; reason: string }
  notices: { code: string; message: string; line: number | null; severity: string }[]
  questions: Question[]
  unread: { count: number; first: CellProblem[] }
  plan: Plan
}

export interface Progress {
  read: number
  total: number
  created: number
  updated: number
  unchanged: number
  rejected: number
  skipped: number
  made: Record<string, number>
  problems: CellProblem[]
  rate: number
  remaining_seconds: number | null
}

export type ImportState = 'analysed' | 'waiting' | 'running' | 'cancelling' | 'done' | 'cancelled' | 'failed' | 'undone'

export interface ImportJob {
  id: string
  object: string
  file_name: string
  created_at: string
  created_by: { id: string | null; label: string }
  state: ImportState
  dry_run: boolean
  plan: Plan | null
  progress: Partial<Progress>
  problem: string | null
  started_at: string | null
  finished_at: string | null
  analysis?: Analysis | null
}
