import { getRouteApi, Link } from '@tanstack/react-router'
import { FileUp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { Page } from '@/ui/Page'
import { ProblemPanel } from '@/ui/ProblemView'
import { ImportStateTag } from './ImportStateTag'
import styles from './imports.module.css'
import { Outcome } from './Outcome'
import { Running } from './Running'
import type { ImportJob } from './types'
import { isWorking, useImport } from './useImport'
import { Wizard } from './Wizard'

const route = getRouteApi('/shell/imports/$id')

/** One import: to be decided, under way, or done. */
export function ImportPage() {
  const { id } = route.useParams()
  const { data, error, refetch } = useImport(id)
  if (data) return <Loaded job={data} />
  return error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : <Bones />
}

function Loaded({ job }: { job: ImportJob }) {
  const { t } = useTranslation()
  const label = useLabel()
  const object = useObject(job.object)
  return (
    <Page
      icon={<FileUp size={18} aria-hidden />}
      title={
        <>
          <Link to="/imports" className={styles.crumb}>
            {t('imports.title')}
          </Link>
          <span className={styles.crumbMark} aria-hidden>
            /
          </span>
          {job.file_name}
        </>
      }
      aside={
        <>
          <span className={styles.quiet}>{t('imports.intoObject', { object: label(object.label_plural) })}</span>
          <ImportStateTag job={job} />
        </>
      }
    >
      {isWorking(job) ? (
        <Running job={job} />
      ) : job.state === 'analysed' ? (
        <Wizard key={job.id} job={job} object={object} />
      ) : (
        <Outcome job={job} object={object} />
      )}
    </Page>
  )
}
