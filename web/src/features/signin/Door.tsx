import type { ReactNode } from 'react'
import { LanguageSwitch, ThemeSwitch } from '@/ui/Appearance'
import { DocumentTitle } from '@/ui/DocumentTitle'
import { Logo } from '@/ui/Logo'
import styles from './SignInPage.module.css'

interface DoorProps {
  title: string
  lead: ReactNode
  /** Beside the form, on wide screens. */
  beside?: ReactNode
  children: ReactNode
}

/** What all pages before the sign-in look like: one calm card. */
export function Door({ title, lead, beside, children }: DoorProps) {
  return (
    <div className={styles.page}>
      <DocumentTitle name={title} />
      <div className={styles.corner}>
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <main className={beside ? styles.two : styles.one}>
        <section className={styles.door}>
          <div className={styles.brand}>
            <Logo size={36} />
            <div>
              <h1 className={styles.title}>{title}</h1>
              <p className={styles.tagline}>{lead}</p>
            </div>
          </div>
          {children}
        </section>
        {beside}
      </main>
    </div>
  )
}
