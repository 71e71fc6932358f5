import { expect, test } from 'vitest'
import type { Field, ObjectDescription } from '@/api/types'
import { sectionsOf } from './sections'

const field = (key: string, type: string, currency_field: string | null = null) =>
  ({ key, type, currency_field, hidden: false }) as Field

test('a currency follows the first of its amounts, wherever the layout has it', () => {
  const object = {
    fields: [
      field('currency', 'currency'),
      field('amount', 'money', 'currency'),
      field('budget', 'money', 'currency'),
      field('local', 'currency'),
    ],
    layouts: {
      form: {
        sections: [{ key: 'deal', label: { zh: '', en: '' }, fields: ['currency', 'amount', 'local', 'budget'] }],
      },
    },
  } as unknown as ObjectDescription
  const keys = sectionsOf(object, () => true).map((section) => section.fields.map((one) => one.key))
  expect(keys).toEqual([['amount', 'currency', 'local', 'budget']])
})
