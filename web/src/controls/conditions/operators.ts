/** Operators as the filter offers them: in an order people expect, relative days apart from comparisons. */
import type { Field, Operator } from '@/api/types'

/** The order within a list of operators; what is not named comes after. */
// biome-ignore format: a list to read across
const order = [
  'eq', 'ne', 'in', 'not_in', 'is_me', 'is_my_department', 'under', 'has_any', 'has_all', 'has_none',
  'contains', 'not_contains', 'starts_with', 'ends_with', 'is_true', 'is_false',
  'gt', 'gte', 'lt', 'lte', 'between', 'empty', 'not_empty',
  'today', 'yesterday', 'tomorrow', 'this_week', 'last_week', 'next_week', 'this_month', 'last_month', 'next_month',
  'this_quarter', 'last_quarter', 'next_quarter', 'this_year', 'last_year',
  'last_days', 'next_days', 'older_than_days', 'last_working_days', 'next_working_days', 'before_today', 'after_today',
]

const place = (key: string): number => {
  const index = order.indexOf(key)
  return index < 0 ? order.length : index
}

/** Whether an operator speaks of days seen from today. */
export const isRelative = (operator: Operator): boolean =>
  operator.argument === 'days' ||
  (operator.argument === 'none' && operator.kinds.every((kind) => kind === 'date' || kind === 'instant'))

/** The operators a Field takes, in order. */
export function operatorsFor(field: Field, all: Operator[]): Operator[] {
  const byKey = new Map(all.map((operator) => [operator.key, operator]))
  return field.operators
    .map((key) => byKey.get(key))
    .filter((operator) => operator !== undefined)
    .sort((a, b) => place(a.key) - place(b.key))
}

const favourites: Partial<Record<string, string>> = {
  text: 'contains',
  number: 'gte',
  date: 'this_month',
  instant: 'last_days',
  choice: 'in',
  choices: 'has_any',
  link: 'in',
  region: 'under',
  boolean: 'is_true',
}

/** The operator a new line starts with. */
export function firstOperator(field: Field): string {
  const favourite = favourites[field.kind ?? 'text']
  return favourite && field.operators.includes(favourite) ? favourite : (field.operators[0] ?? 'eq')
}

/** The value a line has after its operator changed: kept where it still fits, else the operator's own start. */
export function valueAfter(next: Operator | undefined, previous: Operator | undefined, value: unknown): unknown {
  if (!next || next.argument === 'none') return undefined
  if (next.argument === previous?.argument) return value
  if (next.argument === 'many' && previous?.argument === 'one')
    return value === undefined || value === null ? [] : [value]
  if (next.argument === 'one' && previous?.argument === 'many') return Array.isArray(value) ? value[0] : undefined
  if (next.argument === 'days') return 7
  if (next.argument === 'many') return []
  if (next.argument === 'range') return [null, null]
  return undefined
}

/** Whether a leaf says something already; unfinished lines are not sent. */
export function isComplete(argument: string | undefined, value: unknown): boolean {
  switch (argument) {
    case 'none':
    // No Condition on the linked records means any of them.
    case 'related':
      return true
    case 'many':
      return Array.isArray(value) && value.length > 0
    case 'range':
      return Array.isArray(value) && value.some((end) => end !== null && end !== undefined && end !== '')
    default:
      return value !== undefined && value !== null && value !== ''
  }
}
