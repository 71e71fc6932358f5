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
  expect(signInSearch({ next: '/\\example.com' })).toEqual({})
})

test('a single sign-on comes back with what is still asked for, or with what went wrong', () => {
  expect(signInSearch({ ways: 'recovery,totp,magic', next: '/' })).toEqual({ ways: ['totp', 'recovery'], next: '/' })
  expect(signInSearch({ ways: ['passkey'] })).toEqual({ ways: ['passkey'] })
  expect(signInSearch({ ways: 'magic', problem: 'no_such_account' })).toEqual({ problem: 'no_such_account' })
})
