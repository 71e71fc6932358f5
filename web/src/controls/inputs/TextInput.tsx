import { Input } from 'antd'
import type { InputProps } from '../control'

const modes: Record<string, { type?: string; inputMode?: 'email' | 'tel' | 'url' }> = {
  email: { type: 'email', inputMode: 'email' },
  phone: { type: 'tel', inputMode: 'tel' },
  url: { type: 'url', inputMode: 'url' },
}

export default function TextInput({ value, field, onChange, id, describedBy, invalid, autoFocus, inline }: InputProps) {
  const limit = field.options.max_length
  return (
    <Input
      {...modes[field.type]}
      id={id}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      aria-required={field.required}
      status={invalid ? 'error' : ''}
      variant={inline ? 'borderless' : 'outlined'}
      autoFocus={autoFocus}
      {...(inline && { onFocus: (event) => event.target.select() })}
      autoComplete="off"
      maxLength={typeof limit === 'number' ? limit : undefined}
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    />
  )
}
