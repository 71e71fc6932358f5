/** Building and taking apart Conditions in the pages; what they mean is the server's business. */
import type { Condition, ConditionLeaf } from '@/api/types'

export const isLeaf = (condition: Condition): condition is ConditionLeaf => 'field' in condition

/** The parts of a group; a leaf or a negation counts as its own only part. */
export function partsOf(condition: Condition | null | undefined): Condition[] {
  if (!condition) return []
  if ('all' in condition) return condition.all
  if ('any' in condition) return condition.any
  return [condition]
}

/** Whether a Condition restricts nothing. */
export const isEmptyCondition = (condition: Condition | null | undefined): boolean =>
  !condition || ('all' in condition && condition.all.every(isEmptyCondition))

/** Both hold; an empty one falls away, and groups of `all` are joined without a level between. */
export function both(first: Condition | null | undefined, second: Condition | null | undefined): Condition | null {
  if (isEmptyCondition(first)) return second && !isEmptyCondition(second) ? second : null
  if (isEmptyCondition(second)) return first ?? null
  const parts = [first, second].flatMap((one) => (one && 'all' in one ? one.all : one ? [one] : []))
  return { all: parts }
}

/** How many leaves a Condition has. */
export function countLeaves(condition: Condition | null | undefined): number {
  if (!condition) return 0
  if (isLeaf(condition)) return 1
  if ('not' in condition) return countLeaves(condition.not)
  return partsOf(condition).reduce((sum, part) => sum + countLeaves(part), 0)
}

/** Equality by content; key order does not matter for what pages build. */
export const sameCondition = (a: Condition | null | undefined, b: Condition | null | undefined): boolean =>
  JSON.stringify(isEmptyCondition(a) ? null : a) === JSON.stringify(isEmptyCondition(b) ? null : b)
