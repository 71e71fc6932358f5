import { Link } from '@tanstack/react-router'
import { App, Button, Dropdown } from 'antd'
import { BellRing, Lock, Play, Stamp, Undo2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Approval, ObjectDescription, OfferedApproval, RecordData } from '@/api/types'
import { stateOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ProblemPanel } from '@/ui/ProblemView'
import { useNotify } from '@/ui/useNotify'
import { ApprovalOutcome } from './ApprovalOutcome'
import { ApprovalStateTag, HeldBy, When } from './ApprovalState'
import { ApprovalSteps } from './ApprovalSteps'
import styles from './approvals.module.css'
import { useDeed, useRecordApprovals, useRemind, useStartApproval } from './useApprovals'

interface ApprovalPanelProps {
  object: ObjectDescription
  record: RecordData
}

/** The approvals of a record: whose turn it is since when, how far it is, what was said; and the way to start one. Shows
 * nothing where there are none and none can be started. */
export function ApprovalPanel({ object, record }: ApprovalPanelProps) {
  const { t } = useTranslation()
  const asked = object.processes.length > 0
  const { data, error, refetch } = useRecordApprovals(object.key, record.id)
  if (!asked || (!data && !error)) return null
  if (!data) return <ProblemPanel error={error} onRetry={() => void refetch()} />
  const { approvals } = data
  const offered = isOver(object, record) ? [] : data.offered
  if (approvals.length === 0 && offered.length === 0) return null
  const [newest, ...earlier] = approvals
  return (
    <section className={styles.panel} aria-label={t('approvals.title')}>
      <header className={styles.head}>
        <Stamp size={14} aria-hidden />
        <h3>{t('approvals.title')}</h3>
        {offered.length > 0 && <StartButton object={object.key} record={record.id} offered={offered} />}
      </header>
      {newest ? <Shown approval={newest} /> : <p className={styles.quiet}>{t('approvals.noneHint')}</p>}
      {earlier.length > 0 && (
        <details>
          <summary>{t('approvals.earlier', { count: earlier.length })}</summary>
          {earlier.map((one) => (
            <Shown key={one.id} approval={one} />
          ))}
        </details>
      )}
    </section>
  )
}

/** Whether the record is won or lost: nothing is asked for any more. */
function isOver(object: ObjectDescription, record: RecordData): boolean {
  const first = object.processes[0]
  if (!first) return false
  const named = first.process_field ? record[first.process_field] : undefined
  const state = stateOf(object, first.field, record[first.field], named)
  return state !== undefined && state.kind !== 'open'
}

function Shown({ approval }: { approval: Approval }) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <article className={styles.shown}>
      <div className={styles.line}>
        <strong>{label(approval.label)}</strong>
        <ApprovalStateTag state={approval.state} />
      </div>
      <HeldBy approval={approval} />
      <p className={styles.quiet}>
        {t('approvals.startedBy', { who: approval.started_by.label })} <When at={approval.started_at} />
      </p>
      {approval.comment && <p className={styles.said}>{approval.comment}</p>}
      {approval.state === 'running' && approval.lock && (
        <p className={styles.locked}>
          <Lock size={12} aria-hidden /> {t('approvals.locked')}
        </p>
      )}
      <ApprovalOutcome approval={approval} />
      <ApprovalSteps approval={approval} />
      {approval.state === 'running' && <Doing approval={approval} />}
    </article>
  )
}

function Doing({ approval }: { approval: Approval }) {
  const { t } = useTranslation()
  const remind = useRemind(approval)
  const recall = useRecall(approval)
  return (
    <div className={styles.doing}>
      {approval.may.decide.length > 0 && (
        <Link to="/approvals" search={{ id: approval.id }}>
          <Button size="small" icon={<Stamp size={14} aria-hidden />} tabIndex={-1}>
            {t('approvals.box.mine')}
          </Button>
        </Link>
      )}
      {approval.may.remind && (
        <Button
          size="small"
          icon={<BellRing size={14} aria-hidden />}
          loading={remind.isPending}
          onClick={() => remind.mutate()}
        >
          {t('approvals.remind')}
        </Button>
      )}
      {approval.may.recall && (
        <Button size="small" icon={<Undo2 size={14} aria-hidden />} onClick={recall}>
          {t('approvals.recall')}
        </Button>
      )}
    </div>
  )
}

/** Asks, then takes the approval back. */
export function useRecall(approval: Approval): () => void {
  const { t } = useTranslation()
  const label = useLabel()
  const { modal } = App.useApp()
  const deed = useDeed(approval)
  return () =>
    void modal.confirm({
      title: t('approvals.recallTitle', { name: label(approval.label) }),
      content: t('approvals.recallHint'),
      okText: t('approvals.recall'),
      cancelText: t('common.cancel'),
      onOk: () => deed.mutateAsync({ deed: 'recall' }).catch(() => undefined),
    })
}

function StartButton({ object, record, offered }: { object: string; record: string; offered: OfferedApproval[] }) {
  const { t } = useTranslation()
  const label = useLabel()
  const notify = useNotify()
  const start = useStartApproval(object, record)
  const begin = (one: OfferedApproval) =>
    start.mutate(
      { approval: one.key },
      { onSuccess: () => notify.done(t('approvals.started', { name: label(one.label) })) },
    )
  const [only] = offered
  const button = (
    <Button
      size="small"
      type="text"
      icon={<Play size={14} aria-hidden />}
      loading={start.isPending}
      {...(offered.length === 1 &&
        only && {
          onClick: () => begin(only),
          title: t('approvals.startHint', { steps: only.steps.map((one) => label(one)).join(' → ') }),
        })}
    >
      {offered.length === 1 && only ? t('approvals.startOne', { name: label(only.label) }) : t('approvals.start')}
    </Button>
  )
  if (offered.length === 1) return button
  const items = offered.map((one) => ({ key: one.key, label: label(one.label), onClick: () => begin(one) }))
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      {button}
    </Dropdown>
  )
}
