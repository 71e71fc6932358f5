import { expect, test } from 'vitest'
import type { Process } from '@/api/types'
import { byNumber } from './useChosenProcesses'

const all = ['sales', 'channel', 'service'].map((key) => ({ key })) as Process[]
const keysOf = (rows: unknown[][]) => {
  const { ordered, common } = byNumber(all, rows)
  return [ordered.map((one) => one.key), common?.key]
}

test('the Process that all are in is chosen and stands first', () => {
  expect(keysOf([['channel', 3]])).toEqual([['channel', 'sales', 'service'], 'channel'])
})

test('of several none is chosen, and the most frequent stands first', () => {
  const rows = [
    ['sales', 1],
    ['service', 4],
  ]
  expect(keysOf(rows)).toEqual([['service', 'sales', 'channel'], undefined])
})

test('where nothing is known the order stays', () => {
  expect(keysOf([])).toEqual([['sales', 'channel', 'service'], undefined])
})
