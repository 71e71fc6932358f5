import { DatePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import timezone from 'dayjs/plugin/timezone'
import utc from 'dayjs/plugin/utc'
import { useMe } from '@/kernel/session'
import type { InputProps } from '../control'
import styles from '../controls.module.css'

dayjs.extend(utc)
dayjs.extend(timezone)

/** A moment, entered in the actor's zone and kept in UTC. What is typed or chosen counts at once, as with a day. */
export default function InstantInput({
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
  const { zone } = useMe()
  const toInstant = (moment: Dayjs) => dayjs.tz(moment.format('YYYY-MM-DDTHH:mm:ss'), zone).toISOString()
  const take = (moment: Dayjs | null) => onChange(moment ? toInstant(moment) : null)
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
      showTime={{ format: 'HH:mm', minuteStep: 5 }}
      format="YYYY-MM-DD HH:mm"
      value={typeof value === 'string' && value ? dayjs(dayjs(value).tz(zone).format('YYYY-MM-DDTHH:mm:ss')) : null}
      onCalendarChange={(moment) => dayjs.isDayjs(moment) && take(moment)}
      onChange={(moment) => {
        take(moment)
        onDone?.()
      }}
    />
  )
}
