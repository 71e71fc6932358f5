import { expect, test } from 'vitest'
import type { Condition } from '@/api/types'
import { conditionOf, draftOf, isGroup, newGroup, newLeaf, replacePart } from './draft'

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

test('parts are replaced and removed wherever they lie', () => {
  const inner = newLeaf({ field: 'b', op: 'empty' })
  const draft = newGroup('all', [newGroup('any', [inner])])
  const changed = replacePart(draft, inner.id, { ...inner, leaf: { field: 'c', op: 'empty' } })
  expect(conditionOf(changed, whole)).toEqual({ all: [{ any: [{ field: 'c', op: 'empty' }] }] })
  const removed = replacePart(draft, inner.id, null)
  const first = removed.parts[0]
  expect(first && isGroup(first) && first.parts).toEqual([])
})
