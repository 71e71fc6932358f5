import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ObjectAccess, ScopedVerb, Text } from '@/api/types'
import { formatNumber } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import styles from './access.module.css'

/** What a person can see and do, Object by Object, and which role or rule it comes from; looked up once it is opened. */
export function WhatTheySee({ person }: { person: string }) {
  const { t } = useTranslation()
  const label = useLabel()
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
      {data && data.objects.length > 0 && (
        <p className={styles.lead}>
          {t('roles.person.roles', {
            roles: data.roles.map((role) => label(role.label)).join(t('roles.person.comma')),
          })}
        </p>
      )}
      {data?.objects.length === 0 && <p>{t('roles.person.none')}</p>}
      <ul className={styles.people}>
        {data?.objects.map((one) => (
          <Seen key={one.object} one={one} />
        ))}
      </ul>
    </details>
  )
}

/** The verbs by where they come from: most reach equally far, and are told together. */
function alike(one: ObjectAccess, label: (text: Text) => string): [string, ScopedVerb[]][] {
  const found = new Map<string, ScopedVerb[]>()
  for (const verb of Object.keys(one.verbs) as ScopedVerb[]) {
    const text = [...new Set((one.verbs[verb] ?? []).map((source) => label(source.text)))].join(' · ')
    found.set(text, [...(found.get(text) ?? []), verb])
  }
  return [...found]
}

function Seen({ one }: { one: ObjectAccess }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language } = useLocale()
  return (
    <li className={styles.person}>
      <span className={styles.name}>{label(one.label)}</span>
      <span className={styles.level}>
        {t('roles.person.records', { count: one.records, shown: formatNumber(one.records, language) })}
      </span>
      <ul className={styles.reasons}>
        {alike(one, label).map(([text, verbs]) => (
          <li key={text}>
            {t('roles.person.verbs', {
              verbs: verbs.map((verb) => t(`roles.verbs.${verb}`)).join(t('roles.person.comma')),
              from: text,
            })}
          </li>
        ))}
        {one.doors.length > 0 && (
          <li>
            {t('roles.person.doors', {
              verbs: one.doors.map((verb) => t(`roles.verbs.${verb}`)).join(t('roles.person.comma')),
            })}
          </li>
        )}
        {one.fields.map((field) => (
          <li key={field.field}>
            {t('roles.person.verbs', { verbs: label(field.label), from: t(`roles.masks.${field.shows}`) })}
          </li>
        ))}
        {one.restrictions.length > 0 && (
          <li>
            {t('roles.person.verbs', {
              verbs: t('roles.person.restricted'),
              from: one.restrictions.map((each) => label(each.label)).join(' · '),
            })}
          </li>
        )}
      </ul>
    </li>
  )
}
