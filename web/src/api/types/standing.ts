/** Where a record stands in its Process. */
import type { StateKind, Text } from './catalogue'
import type { GateItem, OfferedTransition, Visit } from './records'

export type Due = 'ok' | 'near' | 'over'

export interface PersonName {
  id: string
  label: string | null
}

/** Whom a part of a Process means, in words, and who that is for this record. */
export interface NamedPerson {
  text: Text
  person: PersonName | null
}

export interface ExpectedOutput {
  kind: 'document' | 'field' | 'record' | 'note'
  label: Text
  document_type?: string | null
  field?: string | null
  object?: string | null
  link?: string | null
  /** Null where it cannot be told. */
  present?: boolean | null
}

/** A task that a stage made. */
export interface StageTask {
  id: string
  version: number
  subject: string
  status: 'open' | 'done' | 'cancelled'
  must: boolean
  person: PersonName | null
  due: string | null
  overdue: boolean
  help: string | null
  /** What it should leave behind, in words; `wanted` says it as data. */
  output: string | null
  wanted: ExpectedOutput | null
  done_at: string | null
  result: string | null
  state: string
  /** Whether it is theirs to end: a task of somebody else is seen with the record. */
  editable: boolean
}

/** A task of the present stay; not `here` where it was carried on from an earlier stage. */
export interface PresentTask extends StageTask {
  here: boolean
  state_label: Text | null
}

/** How a task is ended: keys of its Object, Fields and choices. */
export interface TaskForm {
  object: string
  status: string
  open: string
  done: string
  result: string | null
  done_at: string | null
}

/** A stay, where it stood against its limits (in days), and the tasks that were made for it. */
export interface Stay extends Visit {
  process: string
  kind: StateKind | null
  color: string | null
  since: string
  target_days: number | null
  maximum_days: number | null
  due: Due | null
  tasks: StageTask[]
}

export interface Check extends GateItem {
  met: boolean
}

/** The move that the state is for; `met` of `of` conditions of its gate. */
export interface ForwardGate extends Omit<OfferedTransition, 'gate'> {
  met: number
  of: number
  checks: Check[]
}

export interface Standing {
  process: { key: string; label: Text; version: number }
  state: { key: string; label: Text; kind: StateKind; color: string | null } | null
  dwell: Pick<Stay, 'since' | 'days' | 'target_days' | 'maximum_days' | 'due'> | null
  follow_up: {
    done: boolean
    last_at: string | null
    days: number
    interval_days: number | null
    due: Due | null
  } | null
  /** Where it is, what is met, what is next: one line. */
  answer: Text | null
  next: {
    kind: 'task' | 'plan' | 'condition' | 'move'
    what: Text
    person: string | null
    due: string | null
    task: string | null
  } | null
  gate: ForwardGate | null
  tasks: PresentTask[]
  task_form: TaskForm | null
  guidance: Partial<Record<string, Text>>
  goal: { label: Text; met: boolean | null } | null
  inputs: Text[]
  outputs: ExpectedOutput[]
  accountable: NamedPerson | null
  team: NamedPerson[]
  stays: Stay[]
}

/** How one record stands, in short: for a card. */
export interface CardStanding {
  days: number
  due: Due | null
  /** Must-tasks of stages that are open. */
  musts: number
}

/** Which action of which stage made a task; all null where none did. */
export interface TaskOrigin {
  label: Text | null
  process: string | null
  state: string | null
  action: string | null
}

/** What a mover is told who may not see the record any more. */
export interface HandedOver {
  id: string
  version: number
  visible: false
  owner: PersonName | null
}
