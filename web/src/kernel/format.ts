/**
 * Values as people read them: 12.5万, ¥1,054.00, 3 天前. Pure functions; the language and the zone are arguments.
 * Days are `YYYY-MM-DD` without a zone, instants are ISO 8601 in UTC.
 */
import { type Language, tagOf } from '@/i18n'

const numberFormats = new Map<string, Intl.NumberFormat>()

function numberFormat(language: Language, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = language + JSON.stringify(options)
  let format = numberFormats.get(key)
  if (!format) {
    format = new Intl.NumberFormat(tagOf(language), options)
    numberFormats.set(key, format)
  }
  return format
}

/** A number in full: 1,234.5. `scale` fixes the decimals; without it up to six are shown as they are. Without
 * `grouped` thousands are not separated: years. */
export function formatNumber(value: number, language: Language, scale?: number, grouped = true): string {
  const digits =
    scale === undefined ? { maximumFractionDigits: 6 } : { minimumFractionDigits: scale, maximumFractionDigits: scale }
  return numberFormat(language, grouped ? digits : { ...digits, useGrouping: false }).format(value)
}

/** Percent values are kept as 25 for 25 %. */
export function formatPercent(value: number, language: Language, scale?: number): string {
  return `${formatNumber(value, language, scale)}%`
}

function trim(value: number): string {
  const digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 100 ? 1 : 2
  return Number(value.toFixed(digits)).toLocaleString('en-US')
}

/** A number made short: 12.5万 and 3.2亿 in Chinese, 125K and 320M in English. Below ten thousand it stays in full. */
export function formatShort(value: number, language: Language): string {
  const size = Math.abs(value)
  if (language === 'zh') {
    if (size >= 99_995_000) return `${trim(value / 1e8)}亿`
    if (size >= 10_000) return `${trim(value / 1e4)}万`
  } else {
    if (size >= 999_500_000) return `${trim(value / 1e9)}B`
    if (size >= 999_500) return `${trim(value / 1e6)}M`
    if (size >= 10_000) return `${trim(value / 1e3)}K`
  }
  return formatNumber(Math.round(value * 100) / 100, language)
}

/** A number of bytes: 812 B, 45.3 KB, 1.2 MB. */
export function formatSize(bytes: number, language: Language): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(bytes, 1)) / 10))
  const size = bytes / 1024 ** step
  return `${formatNumber(Number(size.toFixed(size < 100 ? 1 : 0)), language)} ${units[step]}`
}

const symbols: Record<string, string> = {
  CNY: '¥',
  USD: '$',
  EUR: '€',
  GBP: '£',
  JPY: 'JP¥',
  HKD: 'HK$',
  TWD: 'NT$',
  KRW: '₩',
  SGD: 'S$',
}

/** The sign before an amount (the narrow ¥, so that figures align); the ISO code where there is no sign. */
export function currencySign(currency: string | null | undefined): string {
  if (!currency) return ''
  return symbols[currency] ?? `${currency} `
}

/** An amount, short (¥12.5万) or in full (¥125,000.00). */
export function formatMoney(
  value: number,
  currency: string | null | undefined,
  language: Language,
  full = false,
): string {
  const sign = `${value < 0 ? '-' : ''}${currencySign(currency)}`
  return sign + (full ? formatNumber(Math.abs(value), language, 2) : formatShort(Math.abs(value), language))
}

const dateFormats = new Map<string, Intl.DateTimeFormat>()

function dateFormat(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options)
  let format = dateFormats.get(key)
  if (!format) {
    format = new Intl.DateTimeFormat(tagOf(language), options)
    dateFormats.set(key, format)
  }
  return format
}

const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 86_400_000

/** The day of an instant in a zone, as `YYYY-MM-DD`. */
export function dayIn(instant: string | number | Date, zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' }).format(new Date(instant))
}

/** A day in full, with the weekday: 2026年3月5日星期四. */
export function formatDayExact(day: string, language: Language): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: 'full', timeZone: 'UTC' }
  return dateFormat(language, options).format(new Date(`${day}T00:00:00Z`))
}

/** A day, short; the year only where it is not that of `today`: 3月5日, 2024年3月5日. */
export function formatDayShort(day: string, today: string, language: Language): string {
  const sameYear = day.slice(0, 4) === today.slice(0, 4)
  const options: Intl.DateTimeFormatOptions = {
    ...(!sameYear && { year: 'numeric' }),
    month: language === 'zh' ? 'long' : 'short',
    day: 'numeric',
    timeZone: 'UTC',
  }
  return dateFormat(language, options).format(new Date(`${day}T00:00:00Z`))
}

/** A day seen from `today`: within a week in words (明天, 3天前), otherwise short. */
export function formatDay(day: string, today: string, language: Language): string {
  const distance = dayNumber(day) - dayNumber(today)
  if (Number.isNaN(distance)) return day
  if (Math.abs(distance) > 7) return formatDayShort(day, today, language)
  return new Intl.RelativeTimeFormat(tagOf(language), { numeric: 'auto' }).format(distance, 'day')
}

/** An instant in full, in a zone: 2026年3月5日 14:20:31. */
export function formatInstantExact(instant: string, zone: string, language: Language): string {
  return dateFormat(language, { dateStyle: 'long', timeStyle: 'medium', timeZone: zone }).format(new Date(instant))
}

/** The time of day of an instant: 14:20. */
export function formatTime(instant: string, zone: string, language: Language): string {
  const options: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: zone }
  return dateFormat(language, options).format(new Date(instant))
}

/** An instant seen from `now`: 刚刚, 5分钟前, 今天 14:20, 昨天 09:05, 3月5日. */
export function formatInstant(instant: string, zone: string, language: Language, now: number = Date.now()): string {
  const at = Date.parse(instant)
  if (Number.isNaN(at)) return instant
  const minutes = Math.round((at - now) / 60_000)
  const relative = new Intl.RelativeTimeFormat(tagOf(language), { numeric: 'auto' })
  if (Math.abs(minutes) < 1) return language === 'zh' ? '刚刚' : 'just now'
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute')
  const day = dayIn(instant, zone)
  const today = dayIn(now, zone)
  const distance = dayNumber(day) - dayNumber(today)
  if (Math.abs(distance) <= 1) return `${relative.format(distance, 'day')} ${formatTime(instant, zone, language)}`
  return formatDay(day, today, language)
}

/** A length of time in days, short: 不到 1 天, 12 天, 3.5 个月 stay in days on purpose, since stages are planned in days. */
export function formatDays(days: number, language: Language): string {
  if (days < 1) return language === 'zh' ? '不到 1 天' : 'under 1 day'
  const whole = Math.round(days)
  return language === 'zh'
    ? `${formatNumber(whole, 'zh')} 天`
    : `${formatNumber(whole, 'en')} ${whole === 1 ? 'day' : 'days'}`
}
