/** A Condition while it is edited: lines with identities, unfinished ones allowed. */
import type { Condition, ConditionLeaf } from '@/api/types'
import { isLeaf } from '@/kernel/conditions'

export interface DraftLeaf {
  id: number
  leaf: ConditionLeaf
}

export interface DraftGroup {
  id: number
  /** All or any of the parts hold; `none` is the negation of any. */
  mode: 'all' | 'any' | 'none'
  parts: DraftPart[]
}

export type DraftPart = DraftLeaf | DraftGroup

export const isGroup = (part: DraftPart): part is DraftGroup => 'parts' in part

let last = 0
const nextId = (): number => ++last

export const newGroup = (mode: DraftGroup['mode'] = 'all', parts: DraftPart[] = []): DraftGroup => ({
  id: nextId(),
  mode,
  parts,
})

export const newLeaf = (leaf: ConditionLeaf): DraftLeaf => ({ id: nextId(), leaf })

function partOf(condition: Condition): DraftPart {
  if (isLeaf(condition)) return newLeaf(condition)
  if ('all' in condition) return newGroup('all', condition.all.map(partOf))
  if ('any' in condition) return newGroup('any', condition.any.map(partOf))
  const inner = condition.not
  return newGroup('none', 'any' in inner ? inner.any.map(partOf) : [partOf(inner)])
}

/** The draft of a Condition; its root is always a group. */
export function draftOf(condition: Condition | null | undefined): DraftGroup {
  if (!condition) return newGroup()
  const part = partOf(condition)
  return isGroup(part) ? part : newGroup('all', [part])
}

/** The Condition of a draft; lines that are not complete and empty groups fall away. */
export function conditionOf(part: DraftPart, complete: (leaf: ConditionLeaf) => boolean): Condition | null {
  if (!isGroup(part)) return complete(part.leaf) ? part.leaf : null
  const parts = part.parts.map((one) => conditionOf(one, complete)).filter((one) => one !== null)
  if (parts.length === 0) return null
  if (part.mode === 'all') return { all: parts }
  return part.mode === 'any' ? { any: parts } : { not: { any: parts } }
}

/** What becomes of a part; null removes it. */
export type PartChange = (part: DraftPart) => DraftPart | null

/** The draft with one part changed, wherever it lies; the root itself can be changed, not removed. */
export function changePart(group: DraftGroup, id: number, change: PartChange): DraftGroup {
  if (group.id === id) {
    const next = change(group)
    return next && isGroup(next) ? next : group
  }
  const parts = group.parts.flatMap((part) => {
    if (part.id === id) return change(part) ?? []
    return isGroup(part) ? changePart(part, id, change) : part
  })
  return { ...group, parts }
}
