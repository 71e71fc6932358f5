import type { ReactNode } from 'react'
import styles from './stage.module.css'

interface CardProps {
  id?: string
  icon: ReactNode
  title: string
  aside?: ReactNode
  children: ReactNode
}

/** One block of what is next. */
export function Card({ id, icon, title, aside, children }: CardProps) {
  return (
    <section id={id} className={styles.card} aria-label={title} tabIndex={-1}>
      <header className={styles.cardHead}>
        {icon}
        <h3>{title}</h3>
        {aside && <span className={styles.quiet}>{aside}</span>}
      </header>
      {children}
    </section>
  )
}
