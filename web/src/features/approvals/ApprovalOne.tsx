import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ExternalLink, Lock } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ApprovalDetail, ApprovalFact, LinkValue, RecordData } from '@/api/types'
import { ApprovalOutcome } from '@/controls/approvals/ApprovalOutcome'
import { ApprovalStateTag, HeldBy, When } from '@/controls/approvals/ApprovalState'
import { ApprovalSteps } from '@/controls/approvals/ApprovalSteps'
import { approvalQuery } from '@/controls/approvals/useApprovals'
import { FilesPanel } from '@/controls/files/FilesPanel'
import { Value } from '@/controls/Value'
import { fieldOf, useMaybeObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import styles from './approvals.module.css'
import { DecideBar } from './DecideBar'

/** One approval: the key facts of the record, its files, how far it is, and the way to decide. */
export function ApprovalOne({ id, onDone }: { id: string; onDone: () => void }) {
  const { data, error, refetch } = useQuery(approvalQuery(id))
  if (!data) return error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : <Bones />
  return (
    <article className={styles.one}>
      <div className={styles.scroll}>
        <Head approval={data} />
        <Facts approval={data} />
        <Files approval={data} />
        <Progress approval={data} />
      </div>
      <DecideBar approval={data} onDone={onDone} />
    </article>
  )
}

function Head({ approval }: { approval: ApprovalDetail }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { record } = approval
  return (
    <header className={styles.oneHead}>
      <div className={styles.rowHead}>
        <h2>{record.label ?? label(approval.object_label)}</h2>
        <ApprovalStateTag state={approval.state} />
        {record.visible && (
          <Link
            to="/o/$object/$id"
            params={{ object: approval.object, id: record.id }}
            className={styles.open}
            aria-label={t('approvals.openRecord')}
          >
            <ExternalLink size={14} aria-hidden /> {t('approvals.openRecord')}
          </Link>
        )}
      </div>
      <p>
        {label(approval.label)}
        <span className={styles.quiet}>
          {' · '}
          {t('approvals.startedBy', { who: approval.started_by.label })} <When at={approval.started_at} />
        </span>
      </p>
      <HeldBy approval={approval} />
      {approval.comment && <p className={styles.said}>{approval.comment}</p>}
      {approval.state === 'running' && approval.lock && (
        <p className={styles.quiet}>
          <Lock size={12} aria-hidden /> {t('approvals.locked')}
        </p>
      )}
      <ApprovalOutcome approval={approval} />
    </header>
  )
}

function Facts({ approval }: { approval: ApprovalDetail }) {
  const { t } = useTranslation()
  const label = useLabel()
  const object = useMaybeObject(approval.object)
  const record = { id: approval.record.id, version: 0, ...approval.values } as RecordData
  if (approval.facts.length === 0) return <p className={styles.quiet}>{t('approvals.noFacts')}</p>
  return (
    <section aria-label={t('approvals.facts')}>
      <dl className={styles.facts}>
        {approval.facts.map((fact) => {
          const field = object && fieldOf(object, fact.field)
          return (
            <div key={fact.field}>
              <dt>{label(fact.label)}</dt>
              <dd>
                {object && field ? (
                  <Value field={field} object={object} record={record} value={fact.value} full />
                ) : (
                  plain(fact, label)
                )}
              </dd>
            </div>
          )
        })}
      </dl>
    </section>
  )
}

/** A value in words, for an Object that the reader has no description of. */
function plain(fact: ApprovalFact, label: (text: ApprovalFact['label']) => string): string {
  if (fact.value_label) return label(fact.value_label)
  if (fact.value && typeof fact.value === 'object') return String((fact.value as LinkValue).label ?? '')
  return fact.value === null || fact.value === undefined ? '—' : String(fact.value)
}

function Files({ approval }: { approval: ApprovalDetail }) {
  const object = useMaybeObject(approval.record.visible ? approval.object : undefined)
  if (!object) return null
  const record = { id: approval.record.id, version: 0 } as RecordData
  return <FilesPanel object={object} record={record} />
}

function Progress({ approval }: { approval: ApprovalDetail }) {
  const { t } = useTranslation()
  return (
    <section aria-label={t('approvals.progress')}>
      <h3 className={styles.sectionTitle}>{t('approvals.progress')}</h3>
      <ApprovalSteps approval={approval} />
    </section>
  )
}
