import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription } from '@/api/types'
import { formatNumber } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { ProblemNote } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import { ColumnsPart } from './ColumnsPart'
import { Figures } from './Figures'
import { FilePart } from './FilePart'
import { HistoryPart } from './HistoryPart'
import styles from './imports.module.css'
import { Problems } from './Problems'
import { RulesPart } from './RulesPart'
import type { Analysis, ImportJob, Plan } from './types'
import { useImportChanges } from './useImport'
import { ValuesPart } from './ValuesPart'

export interface PartProps {
  object: ObjectDescription
  analysis: Analysis
  plan: Plan
  change: (part: Partial<Plan>) => void
}

/** Everything to decide before a file comes in, from the file itself down to single values; each change is checked. */
export function Wizard({ job, object }: { job: ImportJob; object: ObjectDescription }) {
  const analysis = job.analysis
  return analysis ? <Decisions job={job} object={object} analysis={analysis} /> : <Bones />
}

function Decisions({ job, object, analysis }: { job: ImportJob; object: ObjectDescription; analysis: Analysis }) {
  const { t } = useTranslation()
  const notify = useNotify()
  const { language } = useLocale()
  const { plan: planning, step } = useImportChanges(job)
  // What is on its way to the server already shows; the answer then takes its place.
  const [draft, setDraft] = useState<Plan | null>(null)
  const plan = draft ?? analysis.plan
  const change = (part: Partial<Plan>) => {
    const next = { ...plan, ...part }
    setDraft(next)
    planning.mutate(next, { onSettled: () => setDraft(null) })
  }
  const questions = analysis.questions.length
  const run = (name: 'dry-run' | 'start') => step.mutate(name, { onError: notify.failed })
  const part = { object, analysis, plan, change }
  return (
    <div className={styles.wizard}>
      {planning.error && <ProblemNote error={planning.error} />}
      {job.problem && (
        <p className={styles.failure} role="alert">
          {job.problem}
        </p>
      )}
      <FilePart {...part} />
      {plan.history ? <HistoryPart {...part} /> : <ColumnsPart {...part} />}
      {!plan.history && <ValuesPart {...part} />}
      {!plan.history && <RulesPart {...part} />}
      {job.dry_run && job.progress.read !== undefined && (
        <section className={styles.part}>
          <h2 className={styles.heading}>{t('imports.tried')}</h2>
          <Figures progress={job.progress} />
          <Problems problems={job.progress.problems ?? []} total={job.progress.rejected ?? 0} />
        </section>
      )}
      <footer className={styles.bar}>
        <p className={styles.barText} role="status">
          {questions > 0
            ? t('imports.openQuestions', { count: questions })
            : t('imports.ready', { rows: formatNumber(analysis.rows, language) })}
        </p>
        <Button disabled={questions > 0 || planning.isPending} loading={step.isPending} onClick={() => run('dry-run')}>
          {t('imports.try')}
        </Button>
        <Button
          type="primary"
          disabled={questions > 0 || planning.isPending}
          loading={step.isPending}
          onClick={() => run('start')}
        >
          {t('imports.start')}
        </Button>
      </footer>
    </div>
  )
}
