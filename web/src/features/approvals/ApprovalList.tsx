import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Approval } from '@/api/types'
import { ApprovalStateTag, HeldBy, Late, When } from '@/controls/approvals/ApprovalState'
import { useLabel } from '@/kernel/language'
import styles from './approvals.module.css'

interface ApprovalListProps {
  rows: Approval[]
  chosen: string | undefined
  onChoose: (id: string) => void
  more: (() => void) | undefined
  loading: boolean
}

/** The approvals of a box, one line each: record, approval, step, waiting since. */
export function ApprovalList({ rows, chosen, onChoose, more, loading }: ApprovalListProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.listPane}>
      <ul className={styles.list} aria-label={t('approvals.title')}>
        {rows.map((one) => (
          <Row key={one.id} approval={one} current={one.id === chosen} onChoose={() => onChoose(one.id)} />
        ))}
      </ul>
      {more && (
        <Button block type="text" loading={loading} onClick={more}>
          {t('common.more')}
        </Button>
      )}
    </div>
  )
}

function Row({ approval, current, onChoose }: { approval: Approval; current: boolean; onChoose: () => void }) {
  const { t } = useTranslation()
  const label = useLabel()
  const mine = approval.may.decide
  const steps = approval.steps.filter((step) => step.state === 'open' && (mine.length === 0 || mine.includes(step.key)))
  const where = [label(approval.label), ...steps.map((step) => label(step.label))].join(' · ')
  return (
    <li>
      <button
        type="button"
        className={styles.row}
        aria-current={current ? 'true' : undefined}
        onClick={onChoose}
        ref={(node) => {
          if (current) node?.scrollIntoView({ block: 'nearest' })
        }}
      >
        <span className={styles.rowHead}>
          <strong className={styles.name}>{approval.record.label ?? label(approval.object_label)}</strong>
          {approval.state !== 'running' && <ApprovalStateTag state={approval.state} />}
          {approval.overdue && mine.length > 0 && <Late />}
        </span>
        <span className={styles.quiet}>{where}</span>
        <span className={styles.quiet}>
          {mine.length > 0 && approval.since ? (
            <>
              {t('approvals.startedBy', { who: approval.started_by.label })} · <When at={approval.since} since />
            </>
          ) : (
            <HeldBy approval={approval} />
          )}
        </span>
      </button>
    </li>
  )
}
