/** The stage-design check of a Process, and the comparison of two periods or versions. */
import type { Text } from './catalogue'
import type { Condition } from './records'

export type Severity = 'high' | 'medium' | 'low'

export interface Threshold {
  key: string
  label: Text
  unit: 'share' | 'days' | 'count' | 'times'
  value: number
  default: number
  reason: Text
  least: number
  most: number
}

export interface DesignSignal {
  key: string
  label: Text
  about: Text
  on: boolean
  thresholds: Threshold[]
}

/** By signal: whether it is asked, and its thresholds; what is left out is the shipped default. */
export type ThresholdSettings = Record<string, Record<string, number | boolean>>

/** One change of a definition, as the server's `patches` read it. */
export type DefinitionChange = Record<string, unknown>

export interface DesignFinding {
  key: string
  signal: string
  label: Text
  severity: Severity
  states: string[]
  sentence: Text
  numbers: Record<string, number | string | null>
  records: { count: number; where: Condition } | null
  proposal: { text: Text; patch: DefinitionChange[] }
}

export interface StageFigures {
  key: string
  entered: number
  ended: number
  onward: number
  lost: number
  back: number
  skipped: number
  conversion: number | null
  median_days: number | null
  p90_days: number | null
  open: number
  fields: number
  must_actions: number
  should_actions: number
  approvals: number
  checks: number
  clicks: number
}

export interface DesignCheckResult {
  process: string
  object: string
  version: number
  from: string
  to: string
  stages: StageFigures[]
  findings: DesignFinding[]
  signals: DesignSignal[]
}

export interface ComparedValue {
  value: number | null
  n: number
  low: number | null
  high: number | null
}

export type Outcome = 'too_few' | 'no_difference' | 'better' | 'worse'

export interface ComparedMeasure {
  key: string
  label: Text
  unit: 'share' | 'days'
  before: ComparedValue
  after: ComparedValue
  outcome: Outcome
  p: number | null
  sentence: Text
}

export interface ComparedStage {
  key: string
  label: Text
  only: 'before' | 'after' | null
  measures: ComparedMeasure[] | null
}

export interface ComparedSide {
  from: string
  to: string
  version: number | null
}

export interface Comparison {
  process: string
  before: ComparedSide
  after: ComparedSide
  stages: ComparedStage[]
  totals: ComparedMeasure[]
  needed: { shares: number; durations: number }
}
