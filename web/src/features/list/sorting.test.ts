import { expect, test } from 'vitest'
import { nextSort } from './sorting'

const asc = (field: string) => ({ field, dir: 'asc' as const })
const desc = (field: string) => ({ field, dir: 'desc' as const })

test('a click goes up, down and off, alone', () => {
  expect(nextSort([desc('b')], 'a', false)).toEqual([asc('a')])
  expect(nextSort([asc('a')], 'a', false)).toEqual([desc('a')])
  expect(nextSort([desc('a')], 'a', false)).toEqual([])
})

test('with Shift a column joins the others in its place', () => {
  expect(nextSort([asc('a')], 'b', true)).toEqual([asc('a'), asc('b')])
  expect(nextSort([asc('a'), asc('b')], 'a', true)).toEqual([desc('a'), asc('b')])
  expect(nextSort([desc('a'), asc('b')], 'a', true)).toEqual([asc('b')])
})
