import { expect, test } from 'vitest'
import type { DefinedState } from '@/api/types'
import { orderAt, perRowOf, placesOf } from './layout'

const states: DefinedState[] = ['a', 'b', 'c', 'd', 'e', 'won'].map((key) => ({
  key,
  label: { zh: key, en: key },
  kind: key === 'won' ? 'won' : 'open',
}))

test('open stages fill rows, ends stand behind them', () => {
  const places = placesOf(states, 4)
  expect(places.get('e')?.y).toBeGreaterThan(places.get('d')?.y ?? 0)
  expect(places.get('e')?.x).toBe(places.get('a')?.x)
  expect(places.get('won')?.x).toBeGreaterThan(places.get('d')?.x ?? 0)
})

test('a stage takes the place that it is dropped next to, ends stay among ends', () => {
  const places = placesOf(states, 4)
  const near = (key: string) => ({ x: (places.get(key)?.x ?? 0) + 20, y: (places.get(key)?.y ?? 0) - 10 })
  expect(orderAt(states, 4, 'a', near('c'))).toBe(2)
  expect(orderAt(states, 4, 'a', near('a'))).toBe(0)
  expect(orderAt(states, 4, 'won', near('a'))).toBe(5)
})

test('a narrow drawing has fewer stages in a row', () => {
  expect(perRowOf(300)).toBe(2)
  expect(perRowOf(1200)).toBeGreaterThan(perRowOf(700))
})
