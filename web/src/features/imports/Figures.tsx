import { useTranslation } from 'react-i18next'
import { useObjects } from '@/kernel/describe'
import { formatNumber } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import styles from './imports.module.css'
import type { Progress } from './types'

const kinds = ['created', 'updated', 'unchanged', 'skipped', 'rejected'] as const

/** What became of the rows, and which linked records were made on the way. */
export function Figures({ progress }: { progress: Partial<Progress> }) {
  const { t } = useTranslation()
  const label = useLabel()
  const objects = useObjects()
  const { language } = useLocale()
  const made = Object.entries(progress.made ?? {}).filter(([, count]) => count > 0)
  const shown = kinds.filter((kind) => kind !== 'skipped' || (progress.skipped ?? 0) > 0)
  return (
    <>
      <dl className={styles.figures}>
        {shown.map((kind) => (
          <div key={kind} className={styles.figure} data-kind={kind} data-testid={`figure-${kind}`}>
            <dt>{t(`imports.${kind}`)}</dt>
            <dd>{formatNumber(progress[kind] ?? 0, language)}</dd>
          </div>
        ))}
      </dl>
      {made.length > 0 && (
        <p className={styles.quiet}>
          {t('imports.made')}
          {made
            .map(([key, count]) => {
              const name = label(objects.find((one) => one.key === key)?.label) || key
              return `${name} ${formatNumber(count, language)}`
            })
            .join(' · ')}
        </p>
      )}
    </>
  )
}
