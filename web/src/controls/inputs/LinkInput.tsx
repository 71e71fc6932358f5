import type { InputProps } from '../control'
import { RecordPicker } from '../RecordPicker'
import { readLink } from '../types/link'

/** A link, a person or a department. */
export default function LinkInput(props: InputProps) {
  const { value, field, onChange, id, invalid, autoFocus, inline, onDone, object, record } = props
  return (
    <RecordPicker
      object={targetOf(field)}
      id={id}
      invalid={invalid}
      required={field.required}
      autoFocus={autoFocus}
      inline={inline}
      value={readLink(value)}
      beside={object && record && { field, object, record }}
      onChange={(next) => {
        onChange(next)
        onDone?.()
      }}
    />
  )
}

/** The Object a field points to; persons and departments are Objects of those names. */
export function targetOf(field: InputProps['field']): string {
  return field.target ?? field.type
}
