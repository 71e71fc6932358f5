import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ObjectAccess, ScopedVerb } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import styles from './access.module.css'

/** What a person can see and do, Object by Object, and which role or rule it comes from; looked up once it is opened. */
export function WhatTheySee({ person }: { person: string }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const { data, error, refetch } = useQuery({
    queryKey: ['access', 'person', person],
    queryFn: () => api.access.ofPerson(person),
    enabled: open,
  })
  return (
    <details className={styles.seen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('roles.person.open')}</summary>
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {open && !data && !error && <Bones rows={4} />}
      {data?.objects.length === 0 && <p>{t('roles.person.none')}</p>}
      <ul className={styles.people}>
        {data?.objects.map((one) => (
          <Seen key={one.object} one={one} />
        ))}
      </ul>
    </details>
  )
}

function Seen({ one }: { one: ObjectAccess }) {
  const { t } = useTranslation()
  const label = useLabel()
  const verbs = Object.entries(one.verbs) as [ScopedVerb, NonNullable<ObjectAccess['verbs'][ScopedVerb]>][]
  return (
    <li className={styles.person}>
      <span className={styles.name}>{label(one.label)}</span>
      <span className={styles.level}>{t('roles.person.records', { count: one.records })}</span>
      <ul className={styles.reasons}>
        {verbs.map(([verb, sources]) => (
          <li key={verb}>
            {t(`roles.verbs.${verb}`)}: {[...new Set(sources.map((source) => label(source.text)))].join(' · ')}
          </li>
        ))}
        {one.doors.length > 0 && <li>{one.doors.map((verb) => t(`roles.verbs.${verb}`)).join(' · ')}</li>}
        {one.fields.map((field) => (
          <li key={field.field}>
            {label(field.label)}: {t(`roles.masks.${field.shows}`)}
          </li>
        ))}
        {one.restrictions.length > 0 && (
          <li>
            {t('roles.person.restricted')}: {one.restrictions.map((each) => label(each.label)).join(' · ')}
          </li>
        )}
      </ul>
    </li>
  )
}
