import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import type { InputProps } from '../control'
import styles from '../controls.module.css'

const written = ['YYYY-MM-DD', 'YYYY/M/D', 'YYYY.M.D', 'YYYY年M月D日', 'YYYYMMDD', 'M-D', 'M/D']

export default function DateInput({
  value,
  field,
  onChange,
  id,
  describedBy,
  invalid,
  autoFocus,
  inline,
  onDone,
}: InputProps) {
  return (
    <DatePicker
      id={id ?? ''}
      aria-describedby={describedBy}
      aria-required={field.required}
      className={styles.fullWidth}
      status={invalid ? 'error' : ''}
      variant={inline ? 'borderless' : 'outlined'}
      autoFocus={autoFocus ?? false}
      defaultOpen={inline ?? false}
      format={{ format: written[0] ?? 'YYYY-MM-DD', type: 'mask' }}
      value={typeof value === 'string' && value ? dayjs(value.slice(0, 10)) : null}
      onChange={(day) => {
        onChange(day ? day.format('YYYY-MM-DD') : null)
        onDone?.()
      }}
    />
  )
}
