import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '@/kernel/format'
import { useLocale } from '@/kernel/session'

/** Writes a duration that is given in days: in days, hours or minutes, whichever is at least one. */
export function useDuration(): (days: number | null) => string {
  const { t } = useTranslation()
  const { language } = useLocale()
  return useCallback(
    (days) => {
      if (days === null) return '–'
      const minutes = days * 1440
      if (minutes < 1) return t('designCheck.duration.none')
      const [unit, value] =
        days >= 1
          ? (['days', days] as const)
          : minutes >= 60
            ? (['hours', minutes / 60] as const)
            : (['minutes', minutes] as const)
      return t(`designCheck.duration.${unit}`, { value: formatNumber(Math.round(value * 10) / 10, language) })
    },
    [t, language],
  )
}
