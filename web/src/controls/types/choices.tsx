import { type Control, type DisplayProps, lazyInput } from '../control'
import styles from '../controls.module.css'
import { ChoiceDisplay } from './choice'

export function ChoicesDisplay({ value, full, ...rest }: DisplayProps) {
  const keys = Array.isArray(value) ? (value as string[]) : []
  return (
    <span className={full ? styles.tags : styles.tagsLine}>
      {keys.map((key) => (
        <ChoiceDisplay key={key} value={key} {...rest} />
      ))}
    </span>
  )
}

export const control: Control = {
  type: 'choices',
  align: 'start',
  width: 180,
  Display: ChoicesDisplay,
  Input: lazyInput(() => import('../inputs/ChoiceInput')),
}
