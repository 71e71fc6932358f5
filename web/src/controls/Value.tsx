import type { DisplayProps } from './control'
import styles from './controls.module.css'
import { controlOf } from './registry'

/** Whether a value shows as nothing. */
export const isBlank = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)

/** A value drawn by its field's type. Blank values show as nothing in lists and as a dash in full; a masked one is no
 * number to call and no address to write to, but text. */
export function Value(props: DisplayProps) {
  if (isBlank(props.value)) return props.full ? <span className={styles.blank}>—</span> : null
  if (props.field.masked) return <span>{String(props.value)}</span>
  const { Display } = controlOf(props.field.type)
  return <Display {...props} />
}
