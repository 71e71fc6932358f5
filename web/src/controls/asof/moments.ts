/** Moments of the past that people ask for by name. */
import dayjs from 'dayjs'
import timezone from 'dayjs/plugin/timezone'
import utc from 'dayjs/plugin/utc'
import type { ObjectDescription } from '@/api/types'
import { dayIn, formatDayExact, formatTime } from '@/kernel/format'
import type { Locale } from '@/kernel/session'

dayjs.extend(utc)
dayjs.extend(timezone)

export const momentNames = ['yesterday', 'week', 'month', 'quarter', 'year'] as const
export type MomentName = (typeof momentNames)[number]

/** The last moment of a finished span, in UTC: `week` is the end of last Sunday in the zone, `today` a day (`YYYY-MM-DD`). */
export function endOf(name: MomentName, today: string, zone: string): string {
  const day = dayjs(`${today}T00:00:00Z`).utc()
  const starts: Record<MomentName, dayjs.Dayjs> = {
    yesterday: day,
    week: day.subtract((day.day() + 6) % 7, 'day'),
    month: day.date(1),
    quarter: day.date(1).month(Math.floor(day.month() / 3) * 3),
    year: day.date(1).month(0),
  }
  return dayjs
    .tz(`${starts[name].format('YYYY-MM-DD')}T00:00:00`, zone)
    .subtract(1, 'second')
    .toISOString()
}

/** A moment to the minute, in words. */
export const momentWords = (moment: string, { zone, language }: Pick<Locale, 'zone' | 'language'>): string =>
  `${formatDayExact(dayIn(moment, zone), language)} ${formatTime(moment, zone, language)}`

/** The moment at which an address asks to see records; null for now, for nonsense, and for Objects without a past. */
export function pastMoment(object: Pick<ObjectDescription, 'tracked'>, asked: string | undefined): string | null {
  if (!object.tracked || !asked) return null
  const time = Date.parse(asked)
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}
