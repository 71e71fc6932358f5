import styles from './Logo.module.css'

/** The mark of Liaoran: a clear point above a steady line. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg className={styles.logo} width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" className={styles.ground} />
      <path d="M9 8v13a3 3 0 0 0 3 3h11" className={styles.line} />
      <circle cx="20.5" cy="12.5" r="3.6" className={styles.point} />
    </svg>
  )
}
