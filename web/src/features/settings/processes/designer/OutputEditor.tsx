import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { OutputKind, StageOutput } from '@/api/types'
import { objectsQuery } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { useDesigner } from './context'
import styles from './designer.module.css'

const kinds: OutputKind[] = ['document', 'field', 'record', 'note']

interface OutputEditorProps {
  value: StageOutput | null
  onChange: (value: StageOutput | null) => void
  allowNone?: boolean
}

/** What is left behind: a document of a type, a filled Field, a record, a note. */
export function OutputEditor({ value, onChange, allowNone = false }: OutputEditorProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { object } = useDesigner()
  const types = useQuery({ queryKey: ['document-types'], queryFn: api.documentTypes.list })
  const { data: objects = [] } = useQuery(objectsQuery)
  const kept = value?.label ? { label: value.label } : {}
  const choices = {
    document: {
      name: 'document_type' as const,
      options: (types.data ?? []).filter((one) => !one.retired),
    },
    field: { name: 'field' as const, options: object.fields.filter((one) => !one.computed) },
    record: { name: 'object' as const, options: objects },
    note: null,
  }
  const which = value ? choices[value.kind] : null
  return (
    <div className={styles.pair}>
      <Select<OutputKind | 'none'>
        aria-label={t('design.output.kind')}
        value={value?.kind ?? 'none'}
        options={[
          ...(allowNone ? [{ value: 'none' as const, label: t('design.output.none') }] : []),
          ...kinds.map((kind) => ({ value: kind, label: t(`design.output.${kind}`) })),
        ]}
        onChange={(kind) => onChange(kind === 'none' ? null : { ...kept, kind })}
      />
      {value && which && (
        <Select
          aria-label={t('design.output.which')}
          placeholder={t('design.output.which')}
          showSearch={{ optionFilterProp: 'label' }}
          value={value[which.name] ?? null}
          options={which.options.map((one) => ({ value: one.key, label: label(one.label) }))}
          onChange={(key: string) => onChange({ ...kept, kind: value.kind, [which.name]: key })}
        />
      )}
    </div>
  )
}
