/** Changes of a definition as functions: each gives the definition as it is afterwards. */
import type {
  Condition,
  DefinedApproval,
  DefinedState,
  DefinedTransition,
  Definition,
  GateCheck,
  StateKind,
  Text,
} from '@/api/types'
import { choiceColorNames } from '@/ui/tokens'

/** A key that none of the taken ones is, made of the Latin letters of a name, or of a stem where it has none. */
export function freeKey(name: string, taken: Iterable<string>, stem: string): string {
  const latin = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 40)
  const used = new Set(taken)
  if (latin && !used.has(latin)) return latin
  for (let number = 1; ; number += 1) {
    const key = `${latin || stem}_${number}`
    if (!used.has(key)) return key
  }
}

const put = <T extends { key: string }>(items: T[], key: string, next: T): T[] =>
  items.map((one) => (one.key === key ? next : one))

export const stateOf = (definition: Definition, key: string): DefinedState | undefined =>
  definition.states.find((one) => one.key === key)

export const transitionsOf = (definition: Definition): DefinedTransition[] => definition.transitions ?? []
export const approvalsOf = (definition: Definition): DefinedApproval[] => definition.approvals ?? []

export const changeState = (definition: Definition, state: DefinedState): Definition => ({
  ...definition,
  states: put(definition.states, state.key, state),
})

/** A new open stage behind the last open one, or behind a given one. */
export function addState(
  definition: Definition,
  label: Text,
  after?: string,
  taken: string[] = [],
): [Definition, string] {
  const keys = [...definition.states.map((one) => one.key), ...taken]
  const key = freeKey(label.en || label.zh, keys, 'stage')
  const color = choiceColorNames[definition.states.length % choiceColorNames.length] ?? null
  const kind: StateKind = 'open'
  const lastOpen = definition.states.findLastIndex((one) => one.kind === 'open')
  const place = after ? definition.states.findIndex((one) => one.key === after) : lastOpen
  const states = [...definition.states]
  states.splice(place + 1, 0, { key, label, kind, color })
  return [{ ...definition, states }, key]
}

/** The stage goes, with the transitions from and to it; approvals that moved on to it end where they are. */
export function removeState(definition: Definition, key: string): Definition {
  const keeps = (target: { move_to: string } | null | undefined) => (target?.move_to === key ? null : (target ?? null))
  return {
    ...definition,
    states: definition.states.filter((one) => one.key !== key),
    transitions: transitionsOf(definition).filter((one) => one.from !== key && one.to !== key),
    approvals: approvalsOf(definition).map((one) => ({
      ...one,
      on_passed: keeps(one.on_passed),
      on_refused: keeps(one.on_refused),
    })),
  }
}

/** The stage stands at another place of the order. */
export function moveState(definition: Definition, key: string, to: number): Definition {
  const from = definition.states.findIndex((one) => one.key === key)
  const state = definition.states[from]
  if (!state || from === to) return definition
  const states = definition.states.filter((one) => one.key !== key)
  states.splice(Math.max(0, Math.min(to, states.length)), 0, state)
  return { ...definition, states }
}

export const changeTransition = (definition: Definition, move: DefinedTransition): Definition => ({
  ...definition,
  transitions: put(transitionsOf(definition), move.key, move),
})

export const removeTransition = (definition: Definition, key: string): Definition => ({
  ...definition,
  transitions: transitionsOf(definition).filter((one) => one.key !== key),
})

/** A transition between two stages (from null: from any); one that is there already stays as it is. */
export function connect(definition: Definition, from: string | null, to: string): [Definition, string] {
  const moves = transitionsOf(definition)
  const known = moves.find((one) => one.from === from && one.to === to)
  if (known) return [definition, known.key]
  const key = freeKey(
    `${from ?? 'any'}_to_${to}`,
    moves.map((one) => one.key),
    'move',
  )
  const label = stateOf(definition, to)?.label ?? { zh: to, en: to }
  return [{ ...definition, transitions: [...moves, { key, from, to, label }] }, key]
}

/** Transitions along the order of the open stages, and from anywhere to each end: a start for listing what is allowed. */
export function connectInOrder(definition: Definition): Definition {
  const open = definition.states.filter((one) => one.kind === 'open')
  const ends = definition.states.filter((one) => one.kind !== 'open')
  let made = definition
  for (const [index, state] of open.entries()) {
    const next = open[index + 1]
    if (next) made = connect(made, state.key, next.key)[0]
  }
  for (const end of ends) made = connect(made, null, end.key)[0]
  return made
}

export const changeApproval = (definition: Definition, approval: DefinedApproval): Definition => ({
  ...definition,
  approvals: put(approvalsOf(definition), approval.key, approval),
})

export function addApproval(definition: Definition, label: Text, step: Text): [Definition, string] {
  const approvals = approvalsOf(definition)
  const key = freeKey(
    label.en || label.zh,
    approvals.map((one) => one.key),
    'approval',
  )
  const made: DefinedApproval = {
    key,
    label,
    steps: [{ key: 'step_1', label: step, who: [{ who: 'manager', level: 1 }] }],
  }
  return [{ ...definition, approvals: [...approvals, made] }, key]
}

/** The approval goes; stages and transitions that asked for it do not any more. */
export function removeApproval(definition: Definition, key: string): Definition {
  const without = <T extends { approval?: string | null }>(one: T): T =>
    one.approval === key ? { ...one, approval: null } : one
  return {
    ...definition,
    approvals: approvalsOf(definition).filter((one) => one.key !== key),
    states: definition.states.map(without),
    transitions: transitionsOf(definition).map(without),
  }
}

export const newCheck = (checks: GateCheck[], label: Text, condition: Condition | null): GateCheck => ({
  key: freeKey(
    '',
    checks.map((one) => one.key),
    'check',
  ),
  label,
  condition,
})

/** Words of the language in use; the other one takes them over when they are sent. */
export const textIn = (language: 'zh' | 'en', words: string): Text => ({ zh: '', en: '', [language]: words })

const isText = (value: object): value is Text =>
  Object.keys(value).length === 2 && 'zh' in value && 'en' in value && typeof value.zh === 'string'

/** The definition as it is sent: a text that is left out in one language takes over the other. */
export function completed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(completed) as T
  if (!value || typeof value !== 'object') return value
  if (isText(value)) return { zh: value.zh || value.en, en: value.en || value.zh } as T
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, completed(part)])) as T
}
