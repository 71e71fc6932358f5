import { formatDay, formatDayExact } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import { type Control, type DisplayProps, lazyInput } from '../control'

export function DateDisplay({ value, full }: DisplayProps) {
  const { language, today } = useLocale()
  const day = String(value).slice(0, 10)
  const exact = formatDayExact(day, language)
  const near = formatDay(day, today, language)
  return (
    <time dateTime={day} title={exact}>
      {full ? day : near}
    </time>
  )
}

export const control: Control = {
  type: 'date',
  align: 'start',
  width: 124,
  Display: DateDisplay,
  Input: lazyInput(() => import('../inputs/DateInput')),
}
