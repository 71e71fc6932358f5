import { expect, test } from 'vitest'
import { readFigures } from './figures'

const sum = { key: 'sum(amount)', kind: 'measure' as const, field: 'amount', fn: 'sum' }
const count = { key: 'count', kind: 'measure' as const, field: null, fn: 'count' }
const group = (field: string) => ({ key: field, kind: 'group' as const, field })

test('rows split by currency belong to one total', () => {
  const result = {
    columns: [group('currency'), count, sum],
    rows: [
      ['CNY', 3, 300],
      ['USD', 1, 50],
      [null, 2, null],
    ],
  }
  expect(readFigures(result, 0)).toEqual([{ value: undefined, count: 6, sums: { amount: { CNY: 300, USD: 50 } } }])
})

test('groups keep their order and their own sums', () => {
  const result = {
    columns: [group('stage'), group('currency'), count, sum],
    rows: [
      ['won', 'CNY', 2, 20],
      ['lost', 'CNY', 1, 5],
      ['won', 'USD', 1, 7],
    ],
  }
  expect(readFigures(result, 1)).toEqual([
    { value: 'won', count: 3, sums: { amount: { CNY: 20, USD: 7 } } },
    { value: 'lost', count: 1, sums: { amount: { CNY: 5 } } },
  ])
})

test('nothing there counts as nothing', () => {
  expect(readFigures({ columns: [count], rows: [] }, 0)).toEqual([{ value: undefined, count: 0, sums: {} }])
})
