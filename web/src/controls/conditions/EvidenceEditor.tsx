import { useQueries, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { EvidenceKind, EvidenceParameter, ObjectDescription } from '@/api/types'
import { objectQuery } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import styles from './conditions.module.css'
import { type GateScope, useGateScope } from './gate'

interface EvidenceEditorProps {
  object: ObjectDescription
  kind: EvidenceKind
  value: unknown
  onChange: (value: Record<string, unknown>) => void
}

/** What a kind of evidence takes, one control for each of its parameters. */
export function EvidenceEditor({ object, kind, value, onChange }: EvidenceEditorProps) {
  const scope = useGateScope()
  const label = useLabel()
  const given = (value ?? {}) as Record<string, unknown>
  if (!scope) return null
  const put = (name: string, next: unknown) => {
    const { [name]: _, state, ...rest } = given
    const changed: Record<string, unknown> = { ...rest, ...(next !== undefined && next !== null && { [name]: next }) }
    // What counts since a stage was left has to say which stage: the one whose gate this is.
    const from = changed.since === 'left' ? (scope.state ?? state) : undefined
    onChange(from ? { ...changed, state: from } : changed)
  }
  return (
    <div className={styles.parameters}>
      {Object.entries(kind.parameters).map(([name, parameter]) => (
        <ParameterSelect
          key={name}
          object={object}
          scope={scope}
          parameter={parameter}
          name={label(parameter.label)}
          value={given[name]}
          onChange={(next) => put(name, next)}
        />
      ))}
    </div>
  )
}

interface ParameterSelectProps {
  object: ObjectDescription
  scope: GateScope
  parameter: EvidenceParameter
  name: string
  value: unknown
  onChange: (value: unknown) => void
}

function ParameterSelect({ object, scope, parameter, name, value, onChange }: ParameterSelectProps) {
  const { t } = useTranslation()
  const several = parameter.kind === 'activities'
  const options = useOptions(object, scope, parameter)
  return (
    <Select
      {...(several && { mode: 'multiple' as const, maxTagCount: 'responsive' as const })}
      className={styles.parameter ?? ''}
      aria-label={name}
      placeholder={t('conditions.anyNamed', { name })}
      allowClear
      popupMatchSelectWidth={false}
      value={value ?? (parameter.kind === 'choice' ? (options[0]?.value ?? null) : several ? [] : null)}
      options={options}
      onChange={(next: unknown) => onChange(Array.isArray(next) && next.length === 0 ? undefined : next)}
    />
  )
}

/** What may be chosen, by the kind of the parameter. */
function useOptions(object: ObjectDescription, scope: GateScope, parameter: EvidenceParameter) {
  const label = useLabel()
  const types = useQuery({
    queryKey: ['document-types'],
    queryFn: api.documentTypes.list,
    enabled: parameter.kind === 'document_type',
  })
  const related = parameter.kind === 'activities' ? [...new Set(object.related.map((one) => one.object))] : []
  const activities = useQueries({
    queries: related.map((key) => ({ ...objectQuery(key), retry: false })),
    combine: (results) => results.flatMap(({ data }) => (data?.activity ? [data] : [])),
  })
  const named = {
    document_type: (types.data ?? []).filter((one) => !one.retired),
    activities,
    action: scope.actions,
    approval: scope.approvals,
    state: scope.states,
  }[parameter.kind]
  return (named ?? parameter.choices ?? []).map((one) => ({ value: one.key, label: label(one.label) }))
}
