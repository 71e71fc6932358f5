import { Select, Tooltip } from 'antd'
import { TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { isEnterable } from '@/controls/FieldInput'
import { useLabel } from '@/kernel/language'
import styles from './imports.module.css'
import { Problems } from './Problems'
import type { ColumnAnalysis, ColumnPlan, DateOrder, Question } from './types'
import type { PartProps } from './Wizard'

const nowhere = ''
const orders: DateOrder[] = ['ymd', 'dmy', 'mdy', 'ym']

/** Which column fills which Field: the proposal with its reason, samples, and what cannot be read. */
export function ColumnsPart({ object, analysis, plan, change }: PartProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const taken = new Map(Object.entries(plan.columns).map(([name, one]) => [one.field, name]))
  const fields = object.fields.filter(isEnterable)
  const changeColumn = (name: string, part: Partial<ColumnPlan>) => {
    const columns = { ...plan.columns }
    if (part.field) {
      for (const [other, one] of Object.entries(columns)) {
        if (other !== name && one.field === part.field) columns[other] = { ...one, field: null }
      }
    }
    columns[name] = { ...(columns[name] as ColumnPlan), ...part }
    change({ columns })
  }
  const unfilled = analysis.questions.filter((question) => question.code === 'required')
  return (
    <section className={styles.part}>
      <h2 className={styles.heading}>{t('imports.columnsTitle')}</h2>
      {unfilled.map((question) => (
        <p key={question.field} className={styles.failure} role="alert">
          {question.message}
        </p>
      ))}
      <ul className={styles.columns} aria-label={t('imports.columnsTitle')}>
        {analysis.columns.map((column) => (
          <ColumnRow
            key={column.name}
            column={column}
            plan={plan.columns[column.name]}
            question={analysis.questions.find((one) => one.evidence?.column === column.name)}
            options={[
              { value: nowhere, label: t('imports.leaveOut') },
              ...fields.map((field) => {
                const other = taken.get(field.key)
                const note = other && other !== column.name ? ` · ${t('imports.takenBy', { column: other })}` : ''
                const must = field.required ? ' *' : ''
                return { value: field.key, label: `${label(field.label)}${must}${note}` }
              }),
            ]}
            onChange={(part) => changeColumn(column.name, part)}
          />
        ))}
      </ul>
    </section>
  )
}

interface ColumnRowProps {
  column: ColumnAnalysis
  plan: ColumnPlan | undefined
  question: Question | undefined
  options: { value: string; label: string }[]
  onChange: (part: Partial<ColumnPlan>) => void
}

function ColumnRow({ column, plan, question, options, onChange }: ColumnRowProps) {
  const { t } = useTranslation()
  const field = plan?.field ?? null
  const days = field !== null && (column.holds === 'date' || column.holds === 'instant') && column.date_orders
  return (
    <li className={styles.columnRow} data-column={column.name} data-used={field !== null || undefined}>
      <div className={styles.columnName}>
        <strong>{column.name}</strong>
        <span className={styles.samples}>{column.samples.slice(0, 3).join(' · ') || t('imports.noValues')}</span>
      </div>
      <div className={styles.columnTarget}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          className={styles.fieldSelect ?? ''}
          aria-label={t('imports.fieldFor', { column: column.name })}
          value={field ?? nowhere}
          options={options}
          onChange={(value) => onChange({ field: value === nowhere ? null : value, values: {} })}
        />
        <span className={styles.quiet}>{field === column.proposal.field ? column.proposal.reason : ''}</span>
        {days && days.length > 1 && (
          <Select
            aria-label={t('imports.dateOrder')}
            status={question ? 'warning' : ''}
            placeholder={t('imports.dateOrder')}
            value={plan?.date_order ?? null}
            options={orders
              .filter((order) => days.includes(order))
              .map((order) => ({ value: order, label: t(`imports.orders.${order}`) }))}
            onChange={(order) => onChange({ date_order: order })}
          />
        )}
      </div>
      <div className={styles.columnState}>
        {column.problems.count > 0 && (
          <Tooltip title={column.problems.first[0]?.message}>
            <span className={styles.warn}>
              <TriangleAlert size={14} aria-hidden />
              {t('imports.unreadable', { count: column.problems.count })}
            </span>
          </Tooltip>
        )}
        {question && <span className={styles.warn}>{question.message}</span>}
      </div>
      {column.problems.count > 0 && (
        <details className={styles.columnProblems}>
          <summary>{t('imports.showProblems')}</summary>
          <Problems problems={column.problems.first} total={column.problems.count} />
        </details>
      )}
    </li>
  )
}
