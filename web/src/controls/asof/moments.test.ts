import { expect, test } from 'vitest'
import { endOf, pastMoment } from './moments'

test('a finished span ends one second before the next begins, in the zone of the person', () => {
  const at = (name: Parameters<typeof endOf>[0], today: string) => endOf(name, today, 'Asia/Shanghai')
  expect(at('yesterday', '2026-03-01')).toBe('2026-02-28T15:59:59.000Z')
  expect(at('week', '2026-03-01')).toBe('2026-02-22T15:59:59.000Z')
  expect(at('week', '2026-03-02')).toBe('2026-03-01T15:59:59.000Z')
  expect(at('month', '2026-03-31')).toBe('2026-02-28T15:59:59.000Z')
  expect(at('quarter', '2026-05-31')).toBe('2026-03-31T15:59:59.000Z')
  expect(at('year', '2026-05-31')).toBe('2025-12-31T15:59:59.000Z')
})

test('only an Object that is tracked has a past, and only a moment is one', () => {
  expect(pastMoment({ tracked: true }, '2026-03-01T08:00:00+08:00')).toBe('2026-03-01T00:00:00.000Z')
  expect(pastMoment({ tracked: false }, '2026-03-01T00:00:00Z')).toBeNull()
  expect(pastMoment({ tracked: true }, 'yesterday-ish')).toBeNull()
  expect(pastMoment({ tracked: true }, undefined)).toBeNull()
})
