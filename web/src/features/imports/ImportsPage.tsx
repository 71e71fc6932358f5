import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { Table } from 'antd'
import { FileUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { may, useObjects } from '@/kernel/describe'
import { formatInstant, formatNumber } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { EmptyState } from '@/ui/EmptyState'
import { Page } from '@/ui/Page'
import { ImportStateTag } from './ImportStateTag'
import styles from './imports.module.css'
import type { ImportJob } from './types'
import { UploadPanel } from './UploadPanel'
import { importsQuery } from './useImport'

const route = getRouteApi('/shell/imports')

/** Where a file becomes records: choose what it holds, drop it; below, what was imported before. */
export function ImportsPage() {
  const { t } = useTranslation()
  const objects = useObjects().filter((object) => may(object, 'import'))
  const wanted = route.useSearch().object
  return (
    <Page title={t('imports.title')} icon={<FileUp size={18} aria-hidden />}>
      {objects.length === 0 ? (
        <EmptyState icon={<FileUp size={20} aria-hidden />} title={t('imports.notAllowed')} />
      ) : (
        <div className={styles.start}>
          <UploadPanel objects={objects} wanted={wanted} />
          <Earlier />
        </div>
      )}
    </Page>
  )
}

function Earlier() {
  const { t } = useTranslation()
  const label = useLabel()
  const objects = useObjects()
  const { language, zone } = useLocale()
  const { data = [] } = useQuery(importsQuery)
  if (data.length === 0) return null
  const count = (key: 'created' | 'updated' | 'rejected') => (_: unknown, job: ImportJob) =>
    formatNumber(job.progress[key] ?? 0, language)
  return (
    <section>
      <h2 className={styles.heading}>{t('imports.earlier')}</h2>
      <Table<ImportJob>
        size="small"
        rowKey="id"
        pagination={false}
        scroll={{ x: 'max-content' }}
        dataSource={data}
        columns={[
          {
            key: 'file',
            title: t('imports.file'),
            render: (_, job) => (
              <Link to="/imports/$id" params={{ id: job.id }}>
                {job.file_name}
              </Link>
            ),
          },
          {
            key: 'object',
            title: t('imports.object'),
            render: (_, job) => label(objects.find((one) => one.key === job.object)?.label) || job.object,
          },
          { key: 'state', title: t('imports.stateTitle'), render: (_, job) => <ImportStateTag job={job} /> },
          { key: 'created', title: t('imports.created'), align: 'right', render: count('created') },
          { key: 'updated', title: t('imports.updated'), align: 'right', render: count('updated') },
          { key: 'rejected', title: t('imports.rejected'), align: 'right', render: count('rejected') },
          { key: 'by', title: t('imports.by'), render: (_, job) => job.created_by.label },
          { key: 'at', title: t('imports.at'), render: (_, job) => formatInstant(job.created_at, zone, language) },
        ]}
      />
    </section>
  )
}
