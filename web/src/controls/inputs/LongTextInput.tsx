import { Input } from 'antd'
import type { InputProps } from '../control'

export default function LongTextInput({ value, field, onChange, id, describedBy, invalid, autoFocus }: InputProps) {
  return (
    <Input.TextArea
      id={id}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      aria-required={field.required}
      status={invalid ? 'error' : ''}
      autoFocus={autoFocus}
      autoSize={{ minRows: 3, maxRows: 12 }}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    />
  )
}
