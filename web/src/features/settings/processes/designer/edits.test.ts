import { expect, test } from 'vitest'
import type { Definition } from '@/api/types'
import {
  addApproval,
  addState,
  completed,
  connect,
  connectInOrder,
  freeKey,
  moveState,
  removeApproval,
  removeState,
  transitionsOf,
} from './edits'

const text = (word: string) => ({ zh: word, en: word })
const start: Definition = {
  key: 'p',
  object: 'opportunity',
  field: 'stage',
  label: text('P'),
  states: [
    { key: 'a', label: text('A'), kind: 'open' },
    { key: 'b', label: text('B'), kind: 'open' },
    { key: 'won', label: text('Won'), kind: 'won' },
  ],
}
const order = (definition: Definition) => definition.states.map((one) => one.key)

test('keys come from Latin letters, else from a stem, and are never taken twice', () => {
  expect(freeKey('Needs confirmed', [], 'stage')).toBe('needs_confirmed')
  expect(freeKey('需求确认', ['stage_1'], 'stage')).toBe('stage_2')
  expect(freeKey('a', ['a'], 'stage')).toBe('a_1')
})

test('a new stage stands behind the last open one', () => {
  const [made, key] = addState(start, text('C'))
  expect(order(made)).toEqual(['a', 'b', key, 'won'])
  expect(order(addState(start, text('C'), 'a')[0])[1]).toBe('c')
})

test('a stage is moved to a place, wherever it came from', () => {
  expect(order(moveState(start, 'a', 1))).toEqual(['b', 'a', 'won'])
  expect(order(moveState(start, 'won', 0))).toEqual(['won', 'a', 'b'])
  expect(moveState(start, 'a', 0)).toBe(start)
})

test('what named a stage that goes does not name it any more', () => {
  const [withApproval, approval] = addApproval(connectInOrder(start), text('X'), text('S'))
  const chained = {
    ...withApproval,
    approvals: [{ ...(withApproval.approvals?.[0] as never as object), on_passed: { move_to: 'b' } } as never],
  }
  const left = removeState(chained, 'b')
  expect(transitionsOf(left).map((one) => [one.from, one.to])).toEqual([[null, 'won']])
  expect(left.approvals?.[0]?.on_passed).toBeNull()
  expect(
    removeApproval({ ...chained, states: [{ ...start.states[0], approval } as never] }, approval).states[0]?.approval,
  ).toBeNull()
})

test('connecting twice makes one transition', () => {
  const [once, key] = connect(start, 'a', 'b')
  expect(connect(once, 'a', 'b')).toEqual([once, key])
})

test('a text in one language serves both, wherever it stands', () => {
  expect(completed({ states: [{ label: { zh: '甲', en: '' }, probability: 3, goal: null }] })).toEqual({
    states: [{ label: { zh: '甲', en: '甲' }, probability: 3, goal: null }],
  })
})
