import { Checkbox, Segmented, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/types'
import { fieldOf, processOf } from '@/kernel/describe'
import { formatNumber } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { usePhone } from '@/ui/usePhone'
import styles from './imports.module.css'
import type { ColumnAnalysis, ColumnPlan, Missing, ValueMatch } from './types'
import { ValueTarget } from './ValueTarget'
import type { PartProps } from './Wizard'

const shown = 60

/** What single values of choice, stage and link columns mean; what is unknown can be mapped, made, emptied, refused. */
export function ValuesPart({ object, analysis, plan, change }: PartProps) {
  const { t } = useTranslation()
  const columns = analysis.columns.filter((column) => column.values && plan.columns[column.name]?.field)
  if (columns.length === 0) return null
  const unknown = columns.filter((column) => (column.values?.unknown ?? 0) > 0)
  const everywhere = unknown.every((column) => plan.columns[column.name]?.missing === 'create')
  const states = new Set(object.processes.map((process) => process.field))
  const setAll = (missing: Missing) => {
    const changed = unknown.map((column) => [column.name, { ...(plan.columns[column.name] as ColumnPlan), missing }])
    const withStates = unknown.some((column) => states.has(plan.columns[column.name]?.field ?? ''))
    change({
      columns: { ...plan.columns, ...Object.fromEntries(changed) },
      ...(withStates && { pipeline: { ...plan.pipeline, create: missing === 'create' } }),
    })
  }
  return (
    <section className={styles.part}>
      <h2 className={styles.heading}>{t('imports.valuesTitle')}</h2>
      {unknown.length > 0 && (
        <Checkbox checked={everywhere} onChange={(event) => setAll(event.target.checked ? 'create' : 'reject')}>
          {t('imports.createMissing')}
        </Checkbox>
      )}
      {columns.map((column) => (
        <ColumnValues
          key={column.name}
          column={column}
          object={object}
          analysis={analysis}
          plan={plan}
          change={change}
        />
      ))}
    </section>
  )
}

function ColumnValues({ column, object, plan, change }: PartProps & { column: ColumnAnalysis }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language } = useLocale()
  const phone = usePhone()
  const one = plan.columns[column.name]
  const field = one?.field ? fieldOf(object, one.field) : undefined
  const values = column.values
  if (!one || !field || !values) return null
  const process = processOf(object, field.key)
  const setColumn = (part: Partial<ColumnPlan>) =>
    change({
      columns: { ...plan.columns, [column.name]: { ...one, ...part } },
      ...(process && part.missing && { pipeline: { ...plan.pipeline, create: part.missing === 'create' } }),
    })
  const setValue = (value: string, target: string | null | undefined) => {
    const next = { ...one.values }
    if (target === undefined) delete next[value]
    else next[value] = target
    setColumn({ values: next })
  }
  return (
    <details className={styles.values} open={values.unknown > 0} data-column={column.name}>
      <summary>
        <strong>{column.name}</strong> → {label(field.label)}
        <span className={styles.quiet}>{t('imports.different', { count: values.different })}</span>
        {values.unknown > 0 && <span className={styles.warn}>{t('imports.unknown', { count: values.unknown })}</span>}
      </summary>
      {values.unknown > 0 && (
        <div className={styles.missing}>
          <span>{t('imports.whatUnknown')}</span>
          <Segmented<Missing>
            vertical={phone}
            value={one.missing}
            options={(['reject', 'create', 'empty'] as const).map((value) => ({
              value,
              label: process && value === 'create' ? t('imports.missing.pipeline') : t(`imports.missing.${value}`),
            }))}
            onChange={(missing) => setColumn({ missing })}
          />
        </div>
      )}
      <ul className={styles.valueList}>
        {values.values.slice(0, shown).map((match) => (
          <li key={match.value} className={styles.valueRow} data-how={match.how}>
            <span className={styles.valueText}>{match.value}</span>
            <span className={styles.quiet}>{formatNumber(match.count, language)}</span>
            <MatchTarget match={match} field={field} plan={one} onChange={(target) => setValue(match.value, target)} />
          </li>
        ))}
      </ul>
      {values.values.length > shown && (
        <p className={styles.quiet}>{t('imports.moreValues', { count: values.values.length - shown })}</p>
      )}
    </details>
  )
}

interface MatchTargetProps {
  match: ValueMatch
  field: Field
  plan: ColumnPlan
  /** A key or name, null for an empty value, undefined for what the policy says. */
  onChange: (target: string | null | undefined) => void
}

function MatchTarget({ match, field, plan, onChange }: MatchTargetProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const given = match.value in plan.values ? plan.values[match.value] : undefined
  if (field.kind === 'link') return <ValueTarget match={match} field={field} given={given} onChange={onChange} />
  const policy = match.match ? match.match.label : t(`imports.policy.${plan.missing}`)
  return (
    <Select
      showSearch={{ optionFilterProp: 'label' }}
      className={styles.valueSelect ?? ''}
      status={!match.match && given === undefined && plan.missing === 'reject' ? 'warning' : ''}
      aria-label={t('imports.meaningOf', { value: match.value })}
      value={given === undefined ? '*' : (given ?? '-')}
      options={[
        { value: '*', label: policy },
        { value: '-', label: t('imports.makeEmpty') },
        ...field.choices
          .filter((choice) => !choice.retired)
          .map((one) => ({ value: one.key, label: label(one.label) })),
      ]}
      onChange={(value) => onChange(value === '*' ? undefined : value === '-' ? null : value)}
    />
  )
}
