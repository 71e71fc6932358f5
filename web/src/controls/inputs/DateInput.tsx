import { DatePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import type { InputProps } from '../control'
import styles from '../controls.module.css'

const written = ['YYYY-MM-DD', 'YYYY/M/D', 'YYYY.M.D', 'YYYY年M月D日', 'YYYYMMDD', 'M-D', 'M/D']

/** A day. What is typed counts at once: the picker itself tells of it only when it has closed, and by then the button
 * that was clicked next has been handled. */
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
  const take = (day: Dayjs | null) => onChange(day ? day.format('YYYY-MM-DD') : null)
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
      onCalendarChange={(day) => dayjs.isDayjs(day) && take(day)}
      onChange={(day) => {
        take(day)
        onDone?.()
      }}
    />
  )
}
