import styles from './Kbd.module.css'

const isMac = navigator.platform.startsWith('Mac')

/** Keys as printed on the keyboard; `mod` is ⌘ on a Mac and Ctrl elsewhere. */
export function Kbd({ keys }: { keys: string[] }) {
  return (
    <kbd className={styles.keys}>
      {keys.map((key) => (
        <span key={key}>{key === 'mod' ? (isMac ? '⌘' : 'Ctrl') : key}</span>
      ))}
    </kbd>
  )
}
