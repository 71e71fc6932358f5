import { expect, test } from 'vitest'
import { listSearch, signInSearch } from './search'

test('what is malformed in an address is left out', () => {
  expect(listSearch({ where: 'x', sort: [{ field: 'a', dir: 'up' }], q: 12, group: '' })).toEqual({ q: '12' })
  expect(listSearch({ sort: [{ field: 'a', dir: 'asc' }], where: { all: [] } })).toEqual({
    sort: [{ field: 'a', dir: 'asc' }],
    where: { all: [] },
  })
})

test('after the sign-in only paths of this site are followed', () => {
  expect(signInSearch({ next: '/o/account' })).toEqual({ next: '/o/account' })
  expect(signInSearch({ next: 'https://example.com' })).toEqual({})
  expect(signInSearch({ next: '//example.com' })).toEqual({})
})
