import { type KeyboardEvent, useId, useRef } from 'react'
import styles from './TabStrip.module.css'

interface TabStripProps<Key extends string> {
  label: string
  tabs: { key: Key; label: string }[]
  value: Key
  onChange: (key: Key) => void
  children: React.ReactNode
}

/** Tabs in one line that scrolls where it is narrow, and the panel of the chosen one. Arrow keys go from tab to tab. */
export function TabStrip<Key extends string>({ label, tabs, value, onChange, children }: TabStripProps<Key>) {
  const id = useId()
  const strip = useRef<HTMLDivElement>(null)
  const press = (event: KeyboardEvent) => {
    const now = tabs.findIndex((tab) => tab.key === value)
    const last = tabs.length - 1
    const next = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: last }[event.key]
    if (next === undefined) return
    event.preventDefault()
    const tab = tabs[(next + tabs.length) % tabs.length]
    if (!tab) return
    onChange(tab.key)
    strip.current?.querySelector<HTMLElement>(`[data-tab="${tab.key}"]`)?.focus()
  }
  return (
    <>
      <div ref={strip} role="tablist" aria-label={label} className={styles.strip}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            data-tab={tab.key}
            className={styles.tab}
            aria-selected={tab.key === value}
            aria-controls={`${id}-panel`}
            tabIndex={tab.key === value ? 0 : -1}
            onClick={() => onChange(tab.key)}
            onKeyDown={press}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`} className={styles.panel}>
        {children}
      </div>
    </>
  )
}
