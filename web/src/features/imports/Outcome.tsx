import { Link } from '@tanstack/react-router'
import { Button, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ObjectDescription } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { useNotify } from '@/ui/useNotify'
import { Figures } from './Figures'
import styles from './imports.module.css'
import { Problems } from './Problems'
import type { ImportJob } from './types'
import { useImportChanges } from './useImport'

/** How an import ended: the figures, what was left out and why, and the way back. */
export function Outcome({ job, object }: { job: ImportJob; object: ObjectDescription }) {
  const { t } = useTranslation()
  const label = useLabel()
  const notify = useNotify()
  const { step } = useImportChanges(job)
  const rejected = job.progress.rejected ?? 0
  const written = (job.progress.created ?? 0) + (job.progress.updated ?? 0)
  const run = (name: 'undo' | 'start') => step.mutate(name, { onError: notify.failed })
  return (
    <section className={styles.outcome}>
      <h2 className={styles.heading}>{t(`imports.ended.${job.state as 'done'}`)}</h2>
      {job.problem && (
        <p className={styles.failure} role="alert">
          {job.problem}
        </p>
      )}
      <Figures progress={job.progress} />
      <div className={styles.actions}>
        <Link to="/o/$object" params={{ object: object.key }}>
          <Button type="primary" tabIndex={-1}>
            {t('imports.toRecords', { object: label(object.label_plural) })}
          </Button>
        </Link>
        {rejected > 0 && (
          <Button href={api.imports.rejects(job.id)} download>
            {t('imports.rejectsFile')}
          </Button>
        )}
        {(job.state === 'failed' || job.state === 'cancelled') && (
          <Button loading={step.isPending} onClick={() => run('start')}>
            {t('imports.goOn')}
          </Button>
        )}
        {job.state !== 'undone' && written > 0 && (
          <Popconfirm
            title={t('imports.undoTitle')}
            description={t('imports.undoHint')}
            okText={t('imports.undo')}
            cancelText={t('common.cancel')}
            onConfirm={() => run('undo')}
          >
            <Button danger loading={step.isPending}>
              {t('imports.undo')}
            </Button>
          </Popconfirm>
        )}
      </div>
      <Problems problems={job.progress.problems ?? []} total={rejected} />
    </section>
  )
}
