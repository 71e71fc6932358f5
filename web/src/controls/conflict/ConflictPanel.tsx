import { Button, Radio } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiProblem } from '@/api/problem'
import type { ObjectDescription } from '@/api/types'
import { fieldOf } from '@/kernel/describe'
import { formatInstant } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { Value } from '../Value'
import styles from './conflict.module.css'

interface ConflictPanelProps {
  object: ObjectDescription
  problem: ApiProblem
  /** What the person wanted to save, by Field, in the read form. */
  mine: Record<string, unknown>
  busy?: boolean
  /** Saves again on top of the version that is there now, with what was kept of one's own. */
  onResolve: (values: Record<string, unknown>, version: number) => void
  onCancel: () => void
}

type Side = 'mine' | 'theirs'

/** Somebody else was quicker: field by field, what is there now and what one wanted, and which of them shall stand. */
export function ConflictPanel({ object, problem, mine, busy = false, onResolve, onCancel }: ConflictPanelProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const { language, zone } = useLocale()
  const [sides, setSides] = useState<Record<string, Side>>({})
  const details = problem.conflict
  const current = details?.current
  const sideOf = (key: string): Side => sides[key] ?? (details?.changed_fields?.includes(key) ? 'theirs' : 'mine')
  const fields = Object.keys(mine)
    .map((key) => fieldOf(object, key))
    .filter((field) => field !== undefined)
  const resolve = () => {
    const kept = Object.fromEntries(Object.entries(mine).filter(([key]) => sideOf(key) === 'mine'))
    onResolve(kept, current?.version ?? 0)
  }
  return (
    <section className={styles.panel} role="alert">
      <p className={styles.title}>{t('common.conflict.title')}</p>
      {details?.changed_by && (
        <p className={styles.by}>
          {t('common.conflict.by', {
            name: details.changed_by,
            when: details.changed_at ? formatInstant(details.changed_at, zone, language) : '',
          })}
        </p>
      )}
      {fields.map((field) => (
        <fieldset key={field.key} className={styles.field}>
          <legend className={styles.legend}>{label(field.label)}</legend>
          {(['theirs', 'mine'] as const).map((side) => (
            <Radio
              key={side}
              name={`${id}-${field.key}`}
              checked={sideOf(field.key) === side}
              onChange={() => setSides((before) => ({ ...before, [field.key]: side }))}
            >
              <span className={styles.side}>{t(`common.conflict.${side}`)}</span>
              <span className={styles.value}>
                <Value
                  full
                  field={field}
                  object={object}
                  record={current}
                  value={side === 'mine' ? mine[field.key] : current?.[field.key]}
                />
              </span>
            </Radio>
          ))}
        </fieldset>
      ))}
      <div className={styles.actions}>
        <Button onClick={onCancel}>{t('common.conflict.takeTheirs')}</Button>
        <Button type="primary" onClick={resolve} loading={busy} disabled={!current}>
          {t('common.save')}
        </Button>
      </div>
    </section>
  )
}
