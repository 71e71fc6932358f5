import { describe, expect, it } from 'vitest'
import { alternativesOf, scopeOf, withEntry, withVerb } from './grants'

const east = { field: 'region', op: 'eq', value: 'east' }

describe('scopes of roles', () => {
  it('come back as they were sent', () => {
    for (const scope of ['own', { reach: 'all', where: east }, ['below', { reach: 'all', where: east }]] as const)
      expect(scopeOf(alternativesOf(structuredClone(scope) as never))).toEqual(scope)
    expect(alternativesOf(undefined)).toEqual([])
  })

  it('leave a verb and an Object to those of all', () => {
    expect(withVerb({ read: 'own', edit: 'own' }, 'edit', undefined)).toEqual({ read: 'own' })
    expect(withVerb({ read: 'own' }, 'create', true)).toEqual({ read: 'own', create: true })
    expect(withEntry({ objects: { a: {}, b: { read: 'all' } } }, 'a', undefined)).toEqual({
      objects: { b: { read: 'all' } },
    })
  })
})
