import { expect, test } from 'vitest'
import type { Definition } from '@/api/types'
import { indexWithin, placeOf } from './places'

const text = { zh: '甲', en: 'A' }
const definition: Definition = {
  key: 'p',
  object: 'o',
  field: 'f',
  label: text,
  states: [
    { key: 'a', label: text, kind: 'open' },
    { key: 'b', label: text, kind: 'won' },
  ],
  transitions: [{ key: 'move', from: 'a', to: 'b' }],
  approvals: [{ key: 'seal', label: text, steps: [] }],
}

test.each([
  ['states[1].exit[0].condition', { kind: 'state', key: 'b', part: 'exit' }],
  ['states[0]', { kind: 'state', key: 'a', part: '' }],
  ['transitions[0].who[1]', { kind: 'transition', key: 'move', part: 'who' }],
  ['approvals[0].steps', { kind: 'approval', key: 'seal', part: 'steps' }],
  ['states', { kind: 'process', part: 'states' }],
  ['states[9].label', { kind: 'process', part: 'states' }],
  ['minimum[0]', { kind: 'process', part: 'minimum' }],
  ['', { kind: 'process', part: '' }],
])('%s', (at, place) => {
  expect(placeOf(definition, at)).toEqual(place)
})

test('the number within a list', () => {
  expect(indexWithin('states[1].exit[4].condition', 'exit')).toBe(4)
  expect(indexWithin('states[1].label', 'exit')).toBeNull()
})
