import { Select } from 'antd'
import type { StateKind } from '@/api/types'
import { processOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ChoiceTag } from '@/ui/ChoiceTag'
import type { InputProps } from '../control'
import styles from '../controls.module.css'

interface Option {
  value: string
  label: string
  color: string | null
  kind?: StateKind
}

/** What can be chosen: the states of the record's own Process where one governs the field, else the field's choices. */
function useChoices({ field, object, record, value }: InputProps): Option[] {
  const label = useLabel()
  const process = object && processOf(object, field.key)
  const own = process && object && processOf(object, field.key, record?.[process.process_field ?? ''])
  if (own) {
    return own.states.map((state) => ({
      value: state.key,
      label: label(state.label),
      color: state.color,
      kind: state.kind,
    }))
  }
  const chosen = Array.isArray(value) ? value : [value]
  return field.choices
    .filter((choice) => !choice.retired || chosen.includes(choice.key))
    .map((choice) => ({ value: choice.key, label: label(choice.label), color: choice.color }))
}

/** One choice or several. */
export default function ChoiceInput(props: InputProps) {
  const { value, field, onChange, id, invalid, autoFocus, inline, onDone } = props
  const options = useChoices(props)
  const several = field.type === 'choices'
  return (
    <Select
      id={id ?? ''}
      className={styles.fullWidth}
      {...(several && { mode: 'multiple' as const })}
      status={invalid ? 'error' : ''}
      variant={inline ? 'borderless' : 'outlined'}
      autoFocus={autoFocus ?? false}
      defaultOpen={inline ?? false}
      showSearch={options.length > 7 || several ? { optionFilterProp: 'label' } : false}
      allowClear={!field.required}
      aria-required={field.required}
      popupMatchSelectWidth={false}
      value={several ? (Array.isArray(value) ? value : []) : (value ?? null)}
      options={options}
      optionRender={({ data }) => <ChoiceTag label={data.label} color={data.color} kind={data.kind} />}
      onChange={(next: unknown) => {
        onChange(Array.isArray(next) && next.length === 0 ? null : (next ?? null))
        if (!several) onDone?.()
      }}
    />
  )
}
