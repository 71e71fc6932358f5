import { useTranslation } from 'react-i18next'
import type { SharingEvent } from '@/api/types'
import { formatInstant } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'

/** With whom, as what, how far and until when; a level that changed with the one before. */
export function TimelineSharing({ told }: { told: SharingEvent }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language, zone } = useLocale()
  const level = told.level && t(`sharing.level.${told.level}`)
  const facts = [
    told.from && told.to ? `${told.from} → ${told.to}` : told.to,
    told.role && label(told.role),
    told.old_level ? `${t(`sharing.level.${told.old_level}`)} → ${level}` : level,
    told.ends_at && `${t('sharing.until')} ${formatInstant(told.ends_at, zone, language)}`,
    told.comment,
  ]
  return <p>{facts.filter(Boolean).join(' · ')}</p>
}
