import { CircleAlert, CircleCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Check, ObjectDescription, RecordData } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { MendButton, type MendWays, mendKey } from './MendButton'
import styles from './stage.module.css'

interface ChecklistProps {
  object: ObjectDescription
  record: RecordData
  checks: Check[]
  ways: MendWays
  /** Drawn below a condition that was not met at the beginning: its inputs. */
  beneath?: (check: Check) => ReactNode
}

/** What a gate asks for, met or not, in words; beside each unmet condition what mends it. */
export function Checklist({ object, record, checks, ways, beneath }: ChecklistProps) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <ul className={styles.checks}>
      {checks.map((check) => (
        <li key={checkKey(check)} className={styles.check} data-met={check.met} data-check={check.key ?? check.code}>
          {check.met ? <CircleCheck size={16} aria-hidden /> : <CircleAlert size={16} aria-hidden />}
          <div className={styles.checkBody}>
            <span className={styles.checkText}>
              <span className="visually-hidden">{t(check.met ? 'stage.gate.met' : 'stage.gate.unmet')}</span>
              {label(check.label) || check.message}
            </span>
            {beneath?.(check)}
            {!check.met && check.mend.length > 0 && (
              <div className={styles.mends}>
                {check.mend.map((mend) => (
                  <MendButton key={mendKey(mend)} object={object} record={record} mend={mend} ways={ways} />
                ))}
              </div>
            )}
          </div>
        </li>
      ))}
    </ul>
  )
}

/** What tells one condition of a gate from another, also in a refusal. */
export const checkKey = (check: { key: string | null; part: string | null; code: string; field: string | null }) =>
  check.key ? `${check.part}:${check.key}` : `${check.code}:${check.field ?? ''}`
