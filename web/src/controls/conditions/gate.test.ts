import { expect, test } from 'vitest'
import { askedOf, evidencePath, relatedPath } from './gate'

test('paths are read back as they were written', () => {
  expect(askedOf(relatedPath('opportunity_contact', 'opportunity'))).toEqual({
    kind: 'related',
    object: 'opportunity_contact',
    link: 'opportunity',
  })
  expect(askedOf(evidencePath('file'))).toEqual({ kind: 'evidence', key: 'file' })
  expect(askedOf('account.industry')).toEqual({ kind: 'field' })
})
