import { expect, test } from 'vitest'
import {
  dayIn,
  formatDay,
  formatInstant,
  formatMoney,
  formatNumber,
  formatPercent,
  formatShort,
  formatSize,
} from './format'

test('short figures in both languages', () => {
  expect(formatShort(125_000, 'zh')).toBe('12.5万')
  expect(formatShort(320_000_000, 'zh')).toBe('3.2亿')
  expect(formatShort(9_999, 'zh')).toBe('9,999')
  expect(formatShort(99_999_999, 'zh')).toBe('1亿')
  expect(formatShort(125_000, 'en')).toBe('125K')
  expect(formatShort(999_999, 'en')).toBe('1M')
  expect(formatShort(-125_000, 'zh')).toBe('-12.5万')
})

test('sizes of files', () => {
  expect(formatSize(0, 'zh')).toBe('0 B')
  expect(formatSize(812, 'zh')).toBe('812 B')
  expect(formatSize(1023 * 1024, 'zh')).toBe('1,023 KB')
  expect(formatSize(1024 * 1024, 'en')).toBe('1 MB')
  expect(formatSize(1.25 * 1024 ** 3, 'en')).toBe('1.3 GB')
})

test('amounts', () => {
  expect(formatMoney(1054, 'CNY', 'zh', true)).toBe('¥1,054.00')
  expect(formatMoney(-125_000, 'USD', 'zh')).toBe('-$12.5万')
  expect(formatMoney(12, 'XXX', 'en')).toBe('XXX 12')
  expect(formatPercent(25, 'zh')).toBe('25%')
  expect(formatNumber(2018, 'zh')).toBe('2,018')
  expect(formatNumber(2018, 'zh', 0, false)).toBe('2018')
})

test('days near and far', () => {
  expect(formatDay('2026-03-06', '2026-03-05', 'zh')).toBe('明天')
  expect(formatDay('2026-03-02', '2026-03-05', 'zh')).toBe('3天前')
  expect(formatDay('2026-05-01', '2026-03-05', 'zh')).toBe('5月1日')
  expect(formatDay('2025-05-01', '2026-03-05', 'zh')).toBe('2025年5月1日')
  expect(formatDay('2026-03-04', '2026-03-05', 'en')).toBe('yesterday')
})

test('instants in the zone of the actor', () => {
  const now = Date.parse('2026-03-05T04:00:00Z')
  expect(formatInstant('2026-03-05T03:59:50Z', 'Asia/Shanghai', 'zh', now)).toBe('刚刚')
  expect(formatInstant('2026-03-05T03:30:00Z', 'Asia/Shanghai', 'zh', now)).toBe('30分钟前')
  expect(formatInstant('2026-03-04T01:05:00Z', 'Asia/Shanghai', 'zh', now)).toBe('昨天 09:05')
  expect(dayIn('2026-03-04T23:00:00Z', 'Asia/Shanghai')).toBe('2026-03-05')
})
