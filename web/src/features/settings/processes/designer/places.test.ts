import { expect, test } from 'vitest'
import type { Definition } from '@/api/types'
import { addressOf, indexWithin, type Place, placeAt, placeOf } from './places'

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

test.each<Place>([
  { kind: 'state', key: 'quote', part: 'exit' },
  { kind: 'transition', key: 'quote_to_won', part: '' },
  { kind: 'approval', key: 'contract', part: 'steps' },
  { kind: 'process', part: 'label' },
])('a place comes back from a link as it was: %j', (place) => {
  expect(placeAt(addressOf(place))).toEqual(place)
})

test('a link that names no place opens nothing', () => {
  expect([undefined, '', 'state', 'elsewhere:x:y'].map(placeAt)).toEqual([null, null, null, null])
})
