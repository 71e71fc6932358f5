import { Stamp } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Approval } from '@/api/types'
import { Avatar } from '@/controls/Avatar'
import { Late, When } from '@/controls/approvals/ApprovalState'
import { useLabel } from '@/kernel/language'
import { EmptyState } from '@/ui/EmptyState'
import styles from './approvals.module.css'

interface Held {
  approval: Approval
  step: string
  since: string
}

/** By person what they hold, whoever has most of it and for the longest time first. */
function byHolder(rows: Approval[]): { key: string; name: string; held: Held[] }[] {
  const found = new Map<string, { key: string; name: string; held: Held[] }>()
  for (const approval of rows) {
    for (const { id, label, step, since } of approval.holders) {
      const key = id ?? label
      const own = found.get(key) ?? { key, name: label, held: [] }
      own.held.push({ approval, step, since })
      found.set(key, own)
    }
  }
  const columns = [...found.values()]
  for (const one of columns) one.held.sort((a, b) => a.since.localeCompare(b.since))
  return columns.sort((a, b) => b.held.length - a.held.length || a.name.localeCompare(b.name))
}

/** The board of who holds what since when. */
export function HolderBoard({ rows, onChoose }: { rows: Approval[]; onChoose: (id: string) => void }) {
  const { t } = useTranslation()
  const label = useLabel()
  const columns = byHolder(rows)
  if (columns.length === 0) {
    return <EmptyState icon={<Stamp size={20} aria-hidden />} title={t('approvals.nobodyHolds')} />
  }
  return (
    <div className={styles.board}>
      {columns.map(({ key, name, held }) => (
        <section key={key} className={styles.column} aria-label={name}>
          <h2 className={styles.columnHead}>
            <Avatar name={name} />
            <span className={styles.name}>{name}</span>
            <span className={styles.quiet}>{t('approvals.holds', { count: held.length })}</span>
          </h2>
          <ul className={styles.list}>
            {held.map(({ approval, step, since }) => {
              const here = approval.steps.find((one) => one.key === step)
              return (
                <li key={`${approval.id}-${step}`}>
                  <button type="button" className={styles.card} onClick={() => onChoose(approval.id)}>
                    <strong className={styles.name}>{approval.record.label ?? label(approval.object_label)}</strong>
                    <span className={styles.quiet}>
                      {label(approval.label)} · {label(here?.label)}
                    </span>
                    <span className={styles.rowHead}>
                      <span className={styles.quiet}>
                        <When at={since} since />
                      </span>
                      {here?.overdue && <Late />}
                    </span>
                  </button>
                </li>
              )
            })}
          </ul>
        </section>
      ))}
    </div>
  )
}
