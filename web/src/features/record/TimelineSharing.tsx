import { useTranslation } from 'react-i18next'
import type { SharingEvent } from '@/api/types'
import { formatInstant } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'

/** With whom, as what, how far and until when, one line for each share; and the followers that came or went with them. */
export function TimelineSharing({ told }: { told: SharingEvent }) {
  const { t } = useTranslation()
  return (
    <>
      {told.shares ? (
        told.shares.map((share) => <ShareFacts key={share.id} told={share} />)
      ) : (
        <ShareFacts told={told} />
      )}
      {told.followers && told.followers.length > 0 && (
        <p>{[t('sharing.followers'), ...told.followers.map((one) => one.label)].join(' · ')}</p>
      )}
    </>
  )
}

type Facts = Pick<SharingEvent, 'from' | 'to' | 'level' | 'old_level' | 'role' | 'ends_at' | 'comment'>

/** A level that changed is told with the one before. */
function ShareFacts({ told }: { told: Facts }) {
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
