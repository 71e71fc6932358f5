import { type Control, type DisplayProps, lazyInput } from '../control'
import styles from '../controls.module.css'

export function TextDisplay({ value, full }: DisplayProps) {
  const text = String(value)
  return (
    <span className={full ? styles.long : undefined} title={full ? undefined : text}>
      {text}
    </span>
  )
}

export const control: Control = {
  type: 'text',
  align: 'start',
  width: 180,
  Display: TextDisplay,
  Input: lazyInput(() => import('../inputs/TextInput')),
}
