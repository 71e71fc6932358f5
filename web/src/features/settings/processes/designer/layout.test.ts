import { expect, test } from 'vitest'
import type { DefinedState } from '@/api/types'
import { boundsOf, orderAt, placesOf, type Shape, shapeOf } from './layout'

const states: DefinedState[] = ['a', 'b', 'c', 'd', 'e', 'won'].map((key) => ({
  key,
  label: { zh: key, en: key },
  kind: key === 'won' ? 'won' : 'open',
}))

const wide: Shape = { perRow: 4, endsBeside: true }

test('open stages fill rows, ends stand behind them', () => {
  const places = placesOf(states, wide)
  expect(places.get('e')?.y).toBeGreaterThan(places.get('d')?.y ?? 0)
  expect(places.get('e')?.x).toBe(places.get('a')?.x)
  expect(places.get('won')?.x).toBeGreaterThan(places.get('d')?.x ?? 0)
})

test('a stage takes the place that it is dropped next to, ends stay among ends', () => {
  const places = placesOf(states, wide)
  const near = (key: string) => ({ x: (places.get(key)?.x ?? 0) + 20, y: (places.get(key)?.y ?? 0) - 10 })
  expect(orderAt(states, wide, 'a', near('c'))).toBe(2)
  expect(orderAt(states, wide, 'a', near('a'))).toBe(0)
  expect(orderAt(states, wide, 'won', near('a'))).toBe(5)
})

test('a narrow drawing has fewer stages in a row, and the ends below', () => {
  const narrow = shapeOf(300)
  expect(narrow).toEqual({ perRow: 2, endsBeside: false })
  expect(shapeOf(1200).perRow).toBeGreaterThan(narrow.perRow)
  const places = placesOf(states, narrow)
  expect(places.get('won')?.y).toBeGreaterThan(places.get('e')?.y ?? 0)
  expect(boundsOf(places).height).toBeGreaterThan(boundsOf(placesOf(states, wide)).height)
})
