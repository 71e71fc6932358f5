import { formatInstant, formatInstantExact } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import { type Control, type DisplayProps, lazyInput } from '../control'

export function InstantDisplay({ value }: DisplayProps) {
  const { language, zone } = useLocale()
  const instant = String(value)
  return (
    <time dateTime={instant} title={formatInstantExact(instant, zone, language)}>
      {formatInstant(instant, zone, language)}
    </time>
  )
}

export const control: Control = {
  type: 'instant',
  align: 'start',
  width: 140,
  Display: InstantDisplay,
  Input: lazyInput(() => import('../inputs/InstantInput')),
}
