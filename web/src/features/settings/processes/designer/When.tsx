import { formatInstant, formatInstantExact } from '@/kernel/format'
import { useLocale } from '@/kernel/session'

/** A moment, exact on hover. */
export function When({ at }: { at: string }) {
  const { zone, language } = useLocale()
  return (
    <time dateTime={at} title={formatInstantExact(at, zone, language)}>
      {formatInstant(at, zone, language)}
    </time>
  )
}
