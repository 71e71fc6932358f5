/** The check of a Process and its comparison as queries; a period is told by its days. */
import { queryOptions } from '@tanstack/react-query'
import { api } from '@/api/endpoints'
import { dayIn } from '@/kernel/format'

export const periods = [90, 182, 365, 730] as const
export type PeriodDays = (typeof periods)[number]

/** The day so many days before today, in a zone. */
export const daysAgo = (days: number, zone: string): string => dayIn(Date.now() - days * 86_400_000, zone)

export const designCheckQuery = (process: string, days: PeriodDays, zone: string) =>
  queryOptions({
    queryKey: ['design-check', process, days],
    queryFn: ({ signal }) => api.designCheck.run(process, { from: daysAgo(days, zone) }, signal),
    staleTime: 60_000,
  })

export type Sides = { by: 'period'; days: PeriodDays } | { by: 'version'; before: number; after: number }

function asked(sides: Sides, zone: string): Record<string, string> {
  if (sides.by === 'version') return { version: String(sides.after), before_version: String(sides.before) }
  const { days } = sides
  return {
    from: daysAgo(days, zone),
    before_to: daysAgo(days + 1, zone),
    before_from: daysAgo(2 * days + 1, zone),
  }
}

export const comparisonQuery = (process: string, sides: Sides, zone: string) =>
  queryOptions({
    queryKey: ['design-comparison', process, sides],
    queryFn: ({ signal }) => api.designCheck.compare(process, asked(sides, zone), signal),
    staleTime: 60_000,
  })
