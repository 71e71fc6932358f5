import { choiceColorNames } from '@/ui/tokens'
import styles from './controls.module.css'

/** The one or two characters that stand for a name: the given name in Chinese, initials otherwise. */
export function initialsOf(name: string): string {
  const trimmed = name.trim()
  if (/\p{Script=Han}/u.test(trimmed)) return [...trimmed.replace(/\P{Script=Han}/gu, '')].slice(-2).join('')
  const words = trimmed.split(/\s+/)
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase()
}

/** A colour that stays with a name. */
function colorOf(name: string): string {
  let sum = 0
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973
  return choiceColorNames[1 + (sum % (choiceColorNames.length - 1))] ?? 'gray'
}

/** A round mark for a person; decoration beside the name. */
export function Avatar({ name, size = 20 }: { name: string; size?: number }) {
  const color = colorOf(name)
  return (
    <span
      className={styles.avatar}
      aria-hidden
      style={{
        width: size,
        height: size,
        fontSize: Math.max(9, Math.round(size * (size < 24 ? 0.5 : 0.36))),
        color: `var(--lr-choice-${color})`,
        background: `var(--lr-choice-${color}-soft)`,
      }}
    >
      {initialsOf(name).slice(0, size < 24 ? 1 : 2)}
    </span>
  )
}
