import { ChevronDown } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Field, ObjectDescription, RecordData } from '@/api/types'
import { sectionsOf } from '@/controls/sections'
import { isBlank, Value } from '@/controls/Value'
import { fieldOf, may } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { FactRow } from './FactRow'
import styles from './record.module.css'

interface FactsProps {
  object: ObjectDescription
  record: RecordData
}

const system = ['created_at', 'created_by', 'updated_at', 'updated_by', 'external_id']

/** Every Field of a record, in the sections of its layout; each section can be folded. */
export function Facts({ object, record }: FactsProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const editable = may(object, 'edit')
  const sections = sectionsOf(object, (field) => !system.includes(field.key))
  const origins = system.map((key) => fieldOf(object, key)).filter((field): field is Field => field !== undefined)
  const groups = [
    ...sections.map((section) => ({
      ...section,
      title: label(section.label) || t(sections.length > 1 ? 'record.other' : 'record.facts'),
      open: true,
    })),
    { key: 'system', title: t('record.system'), fields: origins, open: false },
  ]
  return groups.map((group) => (
    <details key={group.key} open={group.open} className={styles.group}>
      <summary className={styles.groupHead}>
        <ChevronDown size={14} aria-hidden className={styles.chevron} />
        {group.title}
      </summary>
      <dl className={styles.facts}>
        {group.fields.map((field) => (
          <FactRow
            key={field.key}
            object={object}
            record={record}
            field={field}
            editable={editable && group.key !== 'system'}
          />
        ))}
      </dl>
    </details>
  ))
}

/** The few facts that say what a record is about, in one line. */
export function HeaderFacts({ object, record }: FactsProps) {
  const fields = (object.layouts.header ?? []).map((key) => fieldOf(object, key)).filter((field) => field !== undefined)
  if (fields.length === 0) return null
  return (
    <dl className={styles.headerFacts}>
      {fields.map((field) => (
        <HeaderFact key={field.key} object={object} record={record} field={field} />
      ))}
    </dl>
  )
}

function HeaderFact({ object, record, field }: FactsProps & { field: Field }) {
  const label = useLabel()
  return (
    <div className={styles.headerFact}>
      <dt>{label(field.label)}</dt>
      <dd>
        <HeaderValue object={object} record={record} field={field} />
      </dd>
    </div>
  )
}

function HeaderValue({ object, record, field }: FactsProps & { field: Field }) {
  const value = record[field.key]
  if (isBlank(value)) return <span className={styles.blank}>—</span>
  return <Value field={field} object={object} record={record} value={value} />
}
