import { expect, test } from 'vitest'
import type { Field, ObjectDescription } from '@/api/types'
import { kinPath, siblingsOf } from './kin'

const link = (key: string, target: string) => ({ key, type: 'link', target, computed: false }) as Field
const object = (key: string, ...fields: Field[]) => ({ key, fields }) as unknown as ObjectDescription

const contact = object('contact', link('boss', 'contact'), link('account', 'account'))
const deal = object('deal', { ...link('owner', 'person'), type: 'person' }, link('account', 'account'))
const role = object('role', link('deal', 'deal'), link('contact', 'contact'), link('account', 'account'))
const known = new Map([deal, contact].map((one) => [one.key, one]))

test('the record that both link to is nearer than one behind a third', () => {
  const [ofDeal, , ofAccount] = role.fields as [Field, Field, Field]
  expect(kinPath(contact, [ofDeal, ofAccount], known)).toEqual({ field: 'account', sibling: ofAccount, through: null })
  expect(kinPath(contact, [ofDeal], known)).toEqual({ field: 'account', sibling: ofDeal, through: 'account' })
})

test('people and links to the own kind tell nothing', () => {
  const person = { ...link('by', 'person'), type: 'person' } as Field
  expect(kinPath(object('person', link('manager', 'person')), [person], known)).toBeNull()
  expect(kinPath(contact, [link('other', 'contact')], new Map())).toBeNull()
})

test('only filled links beside the one that is entered count', () => {
  const [ofDeal, ofContact] = role.fields as [Field, Field]
  const record = { deal: { id: '1', label: 'A' }, contact: { id: '2', label: 'B' }, account: null }
  expect(siblingsOf({ field: ofContact, object: role, record })).toEqual([ofDeal])
})
