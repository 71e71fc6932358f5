import { expect, test } from 'vitest'
import type { Condition } from '@/api/types'
import { changePart, conditionOf, draftOf, isGroup, newGroup, newLeaf } from './draft'

const whole = () => true

test.each<Condition>([
  { all: [{ field: 'amount', op: 'gte', value: 1 }] },
  { any: [{ field: 'a', op: 'empty' }, { all: [{ field: 'b', op: 'eq', value: 'x' }] }] },
  {
    not: {
      any: [
        { field: 'a', op: 'empty' },
        { field: 'b', op: 'empty' },
      ],
    },
  },
])('a Condition comes back as it was: %j', (condition) => {
  expect(conditionOf(draftOf(condition), whole)).toEqual(condition)
})

test('a lone leaf becomes a group of one', () => {
  expect(conditionOf(draftOf({ field: 'a', op: 'empty' }), whole)).toEqual({ all: [{ field: 'a', op: 'empty' }] })
})

test('unfinished lines and empty groups fall away', () => {
  const draft = newGroup('all', [newLeaf({ field: 'a', op: 'eq' }), newGroup('any', [])])
  expect(conditionOf(draft, (leaf) => leaf.value !== undefined)).toBeNull()
})

test('parts are changed and removed wherever they lie', () => {
  const inner = newLeaf({ field: 'b', op: 'empty' })
  const draft = newGroup('all', [newGroup('any', [inner])])
  const changed = changePart(draft, inner.id, (part) => ({ ...part, leaf: { field: 'c', op: 'empty' } }))
  expect(conditionOf(changed, whole)).toEqual({ all: [{ any: [{ field: 'c', op: 'empty' }] }] })
  const removed = changePart(draft, inner.id, () => null)
  const first = removed.parts[0]
  expect(first && isGroup(first) && first.parts).toEqual([])
})

test('a line is added to the group as it is then, the root too', () => {
  const draft = newGroup('all', [newLeaf({ field: 'a', op: 'empty' })])
  const add = (field: string) => (now: ReturnType<typeof newLeaf> | typeof draft) =>
    isGroup(now) ? { ...now, parts: [...now.parts, newLeaf({ field, op: 'empty' })] } : now
  // Both were made from the same drawing of the page.
  const [one, other] = [add('b'), add('c')]
  const changed = changePart(changePart(draft, draft.id, one), draft.id, other)
  expect(conditionOf(changed, whole)).toEqual({ all: ['a', 'b', 'c'].map((field) => ({ field, op: 'empty' })) })
})
