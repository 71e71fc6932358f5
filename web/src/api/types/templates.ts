/** Processes to start from. */
import type { StateKind, Text } from './catalogue'

export interface TemplateStage {
  key: string
  label: Text
  kind: StateKind
  color: string | null
  target_days: number | null
  maximum_days: number | null
  actions: number
  conditions: number
  optional: boolean
}

export interface ProcessTemplate {
  key: string
  object: string
  label: Text
  description: Text
  /** What to watch when working with it. */
  advice: Text
  industries: string[]
  /** Whether it is made for the industry asked for. */
  fits: boolean
  stages: TemplateStage[]
  actions: number
  conditions: number
  approvals: { key: string; label: Text }[]
}

export interface ProcessTemplates {
  templates: ProcessTemplate[]
  industries: { key: string; label: Text }[]
}

/** A state as a definition has it, as far as the preview shows it. */
export interface TemplateState {
  key: string
  label: Text
  kind: StateKind
  color?: string
  guidance?: Partial<Record<string, Text>>
  target_days?: number
  maximum_days?: number
  entry?: { key: string; label: Text }[]
  exit?: { key: string; label: Text }[]
  actions?: { key: string; label: Text; due_days: number; must: boolean }[]
}

export interface WholeTemplate extends ProcessTemplate {
  definition: { states: TemplateState[] }
}

/** The definition of a new Process, and whether it is in use already. */
export interface NewDefinition {
  definition: Record<string, unknown>
  published: boolean
}
