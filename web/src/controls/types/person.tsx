import { Avatar } from '../Avatar'
import { type Control, type DisplayProps, lazyInput } from '../control'
import styles from '../controls.module.css'
import { readLink } from './link'

export function PersonDisplay({ value }: DisplayProps) {
  const person = readLink(value)
  if (!person) return null
  return (
    <span className={styles.person}>
      <Avatar name={person.label} />
      <span className={styles.clip}>{person.label}</span>
    </span>
  )
}

export const control: Control = {
  type: 'person',
  align: 'start',
  width: 116,
  Display: PersonDisplay,
  Input: lazyInput(() => import('../inputs/LinkInput')),
}
