import { Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import type { InputProps } from '../control'
import styles from '../controls.module.css'

/** A switch; where a value may also be missing, a choice of yes, no and nothing. */
export default function BooleanInput({ value, field, onChange, id, invalid, autoFocus, inline, onDone }: InputProps) {
  const { t } = useTranslation()
  if (!inline && (field.required || typeof value === 'boolean')) {
    return (
      <Switch id={id ?? ''} checked={value === true} onChange={(next) => onChange(next)} aria-label={t('common.yes')} />
    )
  }
  return (
    <Select
      id={id ?? ''}
      className={styles.fullWidth}
      status={invalid ? 'error' : ''}
      variant={inline ? 'borderless' : 'outlined'}
      autoFocus={autoFocus ?? false}
      defaultOpen={inline ?? false}
      allowClear
      value={typeof value === 'boolean' ? String(value) : null}
      options={[
        { value: 'true', label: t('common.yes') },
        { value: 'false', label: t('common.no') },
      ]}
      onChange={(next) => {
        onChange(next ? next === 'true' : null)
        onDone?.()
      }}
    />
  )
}
