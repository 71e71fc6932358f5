import { expect, test } from 'vitest'
import { findsText, initialsOf } from './initials'

test('initials of Chinese words', () => {
  expect(initialsOf('商机')).toBe('sj')
  expect(initialsOf('新建客户')).toBe('xjkh')
  expect(initialsOf('回收站')).toBe('hsz')
  expect(initialsOf('导入 CSV')).toBe('dr csv')
})

test('finds by text and by initials', () => {
  expect(findsText('kh', ['客户'])).toBe(true)
  expect(findsText('客', ['客户'])).toBe(true)
  expect(findsText('Acc', ['客户', 'Accounts'])).toBe(true)
  expect(findsText('zz', ['客户'])).toBe(false)
})
