import { Button, Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import { useNotify } from '@/ui/useNotify'
import { Figures } from './Figures'
import styles from './imports.module.css'
import type { ImportJob } from './types'
import { useImportChanges } from './useImport'

/** How far an import is, how fast, how long still. The page may be left; the work goes on. */
export function Running({ job }: { job: ImportJob }) {
  const { t } = useTranslation()
  const { language } = useLocale()
  const notify = useNotify()
  const { step } = useImportChanges(job)
  const { read = 0, total = 0, rate = 0, remaining_seconds: left } = job.progress
  const percent = total > 0 ? Math.floor((read / total) * 100) : 0
  return (
    <section className={styles.running} aria-live="polite">
      <h2 className={styles.heading}>{job.dry_run ? t('imports.trying') : t('imports.importing')}</h2>
      <Progress percent={percent} status="active" />
      <p className={styles.pace}>
        <span>{t('imports.rowsOf', { read: formatNumber(read, language), total: formatNumber(total, language) })}</span>
        {rate > 0 && <span>{t('imports.rate', { rate: formatNumber(Math.round(rate), language) })}</span>}
        {left != null && <span>{t('imports.remaining', { seconds: formatNumber(Math.ceil(left), language) })}</span>}
      </p>
      <Figures progress={job.progress} />
      <p className={styles.quiet}>{t('imports.mayLeave')}</p>
      <Button
        loading={step.isPending || job.state === 'cancelling'}
        onClick={() => step.mutate('cancel', { onError: notify.failed })}
      >
        {t('common.cancel')}
      </Button>
    </section>
  )
}
