import { useTranslation } from 'react-i18next'
import type { Approval, ApprovalState as State } from '@/api/types'
import { formatInstant, formatInstantExact } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import { ChoiceTag } from '@/ui/ChoiceTag'
import styles from './approvals.module.css'

const looks: Record<State, { color: string; kind: 'open' | 'won' | 'lost' | 'other' }> = {
  running: { color: 'blue', kind: 'open' },
  passed: { color: 'green', kind: 'won' },
  refused: { color: 'red', kind: 'lost' },
  returned: { color: 'orange', kind: 'other' },
  recalled: { color: 'gray', kind: 'other' },
}

/** How an approval stands: word, colour and shape. */
export function ApprovalStateTag({ state }: { state: State }) {
  const { t } = useTranslation()
  return <ChoiceTag label={t(`approvals.state.${state}`)} {...looks[state]} />
}

/** Whose turn it is, and since when; how it ended once it is over. */
export function HeldBy({ approval }: { approval: Approval }) {
  const { t } = useTranslation()
  if (approval.state !== 'running') {
    return approval.finished_at ? (
      <span className={styles.quiet}>
        {approval.finished_by} <When at={approval.finished_at} />
      </span>
    ) : null
  }
  const who = approval.holders.map((one) => one.label).join('、')
  return (
    <span className={styles.held}>
      <span>{t('approvals.waiting', { who })}</span>
      {approval.since && (
        <span className={styles.quiet}>
          <When at={approval.since} since />
        </span>
      )}
      {approval.overdue && <Late />}
    </span>
  )
}

/** The mark of what takes too long. */
export function Late() {
  const { t } = useTranslation()
  return <ChoiceTag label={t('approvals.overdue')} color="red" />
}

/** A moment seen from now, exact on hover. */
export function When({ at, since = false }: { at: string; since?: boolean }) {
  const { t } = useTranslation()
  const { zone, language } = useLocale()
  const when = formatInstant(at, zone, language)
  return (
    <time dateTime={at} title={formatInstantExact(at, zone, language)}>
      {since ? t('approvals.since', { when }) : when}
    </time>
  )
}
