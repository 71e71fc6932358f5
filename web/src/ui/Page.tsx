import type { ReactNode } from 'react'
import { DocumentTitle } from './DocumentTitle'
import styles from './Page.module.css'

interface PageProps {
  title: ReactNode
  icon?: ReactNode
  /** What the browser calls the page; the title itself where that is plain text. */
  name?: string
  /** Beside the title: view switchers, counts. */
  aside?: ReactNode
  /** Right: at most one primary button. */
  actions?: ReactNode
  /** A second line under the title: tabs, filters. */
  toolbar?: ReactNode
  /** Content that scrolls by itself (a table, a board) fills the page; otherwise the page scrolls. */
  fill?: boolean
  children: ReactNode
}

/** The frame of every page: title line, optional toolbar, content. */
export function Page({ title, name, icon, aside, actions, toolbar, fill = false, children }: PageProps) {
  return (
    <div className={styles.page}>
      <DocumentTitle name={name ?? (typeof title === 'string' ? title : '')} />
      <header className={styles.head}>
        <h1 className={styles.title}>
          {icon && <span className={styles.icon}>{icon}</span>}
          <span className={styles.titleText}>{title}</span>
        </h1>
        {aside && <div className={styles.aside}>{aside}</div>}
        {actions && <div className={styles.actions}>{actions}</div>}
      </header>
      {toolbar && <div className={styles.toolbar}>{toolbar}</div>}
      <div className={fill ? styles.fill : styles.scroll}>{children}</div>
    </div>
  )
}
