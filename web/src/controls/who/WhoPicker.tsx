import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, Who, WhoKind } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { RecordPicker } from '../RecordPicker'
import { rolesQuery, useRecordLabel } from './useWhoWords'
import styles from './who.module.css'

interface WhoPickerProps {
  /** The Object whose records it is seen from: its person Fields are offered. */
  object: ObjectDescription
  value: Who | null
  onChange: (value: Who | null) => void
  label: string
  id?: string
  allowClear?: boolean
}

/** The managers that a record's owner can have above. */
const levels = [1, 2, 3]

/** A choice as the list knows it: the kind, and what else tells it apart. */
const codeOf = (who: Who): string => {
  if (who.who === 'role' || who.who === 'field') return `${who.who}:${who[who.who] ?? ''}`
  return who.who === 'manager' ? `manager:${who.level ?? 1}` : who.who
}

function whoOf(code: string): Who {
  const [kind, rest] = code.split(':') as [WhoKind, string | undefined]
  if (kind === 'manager') return { who: kind, level: Number(rest) }
  if (kind === 'role' || kind === 'field') return { who: kind, [kind]: rest ?? '' }
  return { who: kind }
}

/** Chooses whom a part of a Process means: the owner, a role, a manager, a person Field, one person or department. */
export function WhoPicker({ object, value, onChange, label, id, allowClear = false }: WhoPickerProps) {
  const { t } = useTranslation()
  const text = useLabel()
  const { data: roles = [] } = useQuery(rolesQuery)
  const people = object.fields.filter((field) => field.target === 'person' && field.key !== 'owner')
  const has = (key: string) => object.fields.some((field) => field.key === key)
  const options = [
    {
      label: t('who.record'),
      options: [
        ...(has('owner') ? [{ value: 'owner', label: t('who.owner') }] : []),
        ...(has('owner')
          ? levels.map((level) => ({ value: `manager:${level}`, label: t(`who.manager${level as 1 | 2 | 3}`) }))
          : []),
        ...(has('department') ? [{ value: 'department_head', label: t('who.departmentHead') }] : []),
        { value: 'actor', label: t('who.actor') },
        ...people.map((field) => ({
          value: `field:${field.key}`,
          label: t('who.field', { field: text(field.label) }),
        })),
      ],
    },
    {
      label: t('who.roles'),
      options: roles.map((role) => ({ value: `role:${role.key}`, label: t('who.role', { role: text(role.label) }) })),
    },
    {
      label: t('who.certain'),
      options: [
        { value: 'person', label: t('who.person') },
        { value: 'department', label: t('who.department') },
      ],
    },
  ]
  const certain = value?.who === 'person' || value?.who === 'department' ? value.who : null
  return (
    <div className={styles.picker}>
      <Select
        id={id ?? ''}
        className={styles.kind ?? ''}
        aria-label={label}
        placeholder={t('who.choose')}
        value={value ? codeOf(value) : null}
        options={options}
        showSearch={{ optionFilterProp: 'label' }}
        allowClear={allowClear}
        popupMatchSelectWidth={false}
        onChange={(code: string | undefined) => onChange(code ? whoOf(code) : null)}
      />
      {certain && (
        <CertainOne
          key={certain}
          kind={certain}
          id={value?.[certain]}
          onChange={(one) => onChange({ who: certain, ...(one && { [certain]: one }) })}
        />
      )}
    </div>
  )
}

interface CertainOneProps {
  kind: 'person' | 'department'
  id: string | undefined
  onChange: (id: string | null) => void
}

function CertainOne({ kind, id, onChange }: CertainOneProps) {
  const name = useRecordLabel(kind, id)
  return (
    <div className={styles.certain}>
      <RecordPicker
        object={kind}
        value={id ? { id, label: name ?? '' } : null}
        autoFocus={!id}
        required
        onChange={(next) => onChange(next?.id ?? null)}
      />
    </div>
  )
}
