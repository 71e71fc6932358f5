import { CircleCheck, CircleDashed, CircleX } from 'lucide-react'
import type { StateKind } from '@/api/types'
import styles from './ChoiceTag.module.css'
import { choiceColorNames } from './tokens'

interface ChoiceTagProps {
  label: string
  color?: string | null | undefined
  /** A state shows its kind by a shape as well, so that colour never speaks alone. */
  kind?: StateKind | undefined
}

const shapes = { open: CircleDashed, other: CircleDashed, won: CircleCheck, lost: CircleX }

/** A colour name known to the tokens; others show as grey. */
export const knownColor = (color: string | null | undefined): string =>
  color && (choiceColorNames as string[]).includes(color) ? color : 'gray'

/** A choice or a state: colour with a dot or shape, and always the word. */
export function ChoiceTag({ label, color, kind }: ChoiceTagProps) {
  const name = knownColor(color)
  const Shape = kind ? shapes[kind] : null
  return (
    <span
      className={styles.tag}
      style={{ color: `var(--lr-choice-${name})`, background: `var(--lr-choice-${name}-soft)` }}
    >
      {Shape ? <Shape size={12} strokeWidth={2.25} aria-hidden /> : <span className={styles.dot} aria-hidden />}
      <span className={styles.label}>{label}</span>
    </span>
  )
}
