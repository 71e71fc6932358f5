import { Select } from 'antd'
import { tagOf } from '@/i18n'
import { useLanguage } from '@/kernel/language'
import { useMe } from '@/kernel/session'
import type { InputProps } from '../control'
import styles from '../controls.module.css'

export default function CurrencyInput({ value, field, onChange, id, invalid, autoFocus, inline, onDone }: InputProps) {
  const language = useLanguage()
  const { organisation } = useMe()
  const names = new Intl.DisplayNames(tagOf(language), { type: 'currency' })
  const current = typeof value === 'string' && value ? value : null
  const codes = field.choices.filter((choice) => !choice.retired).map((choice) => choice.key)
  const all = current && !codes.includes(current) ? [current, ...codes] : codes
  return (
    <Select
      id={id ?? ''}
      className={styles.fullWidth}
      status={invalid ? 'error' : ''}
      variant={inline ? 'borderless' : 'outlined'}
      autoFocus={autoFocus ?? false}
      defaultOpen={inline ?? false}
      showSearch={{ optionFilterProp: 'label' }}
      allowClear={!field.required}
      placeholder={organisation.currency}
      value={current}
      options={all.map((code) => ({ value: code, label: `${code} ${names.of(code) ?? ''}` }))}
      onChange={(next) => {
        onChange(next ?? null)
        onDone?.()
      }}
    />
  )
}
