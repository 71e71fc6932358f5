import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { PersonDifference, RolePreview, ScopedVerb } from '@/api/types'
import { useLabel } from '@/kernel/language'
import settings from '../settings.module.css'
import { scopedVerbs } from './grants'
import styles from './roles.module.css'

/** What each person would gain and lose; nothing is in force yet. */
export function PreviewPanel({ preview }: { preview: RolePreview }) {
  const { t } = useTranslation()
  const place = useRef<HTMLElement>(null)
  // It stands below all that was changed, and was just asked for.
  useEffect(() => {
    place.current?.scrollIntoView({ block: 'nearest' })
  }, [])
  return (
    <section ref={place} className={styles.preview} aria-label={t('roles.preview.title')}>
      <h3 className={settings.sectionTitle}>{t('roles.preview.title')}</h3>
      <p className={settings.hint}>
        {preview.affected + preview.unchanged === 0
          ? t('roles.preview.empty')
          : preview.affected === 0
            ? t('roles.preview.nobody', { count: preview.unchanged })
            : t('roles.preview.some', { count: preview.affected, unchanged: preview.unchanged })}
        {preview.more > 0 && ` ${t('roles.preview.more', { count: preview.more })}`}
      </p>
      {preview.people.map((one) => (
        <Person key={one.person.id} one={one} />
      ))}
    </section>
  )
}

function Person({ one }: { one: PersonDifference }) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <div className={styles.person}>
      <strong>{one.person.label}</strong>
      <ul className={styles.changes}>
        {one.objects.map((object) => (
          <li key={object.object}>
            {label(object.label)}
            {scopedVerbs.map((verb) => (
              <Verb key={verb} verb={verb} change={object.verbs[verb]} />
            ))}
            {object.doors.gained.map((verb) => (
              <span key={verb} className={styles.gained}>
                {t('roles.preview.mayNow', { verb: t(`roles.verbs.${verb}`) })}
              </span>
            ))}
            {object.doors.lost.map((verb) => (
              <span key={verb} className={styles.lost}>
                {t('roles.preview.noLonger', { verb: t(`roles.verbs.${verb}`) })}
              </span>
            ))}
            {object.fields.map((field) => (
              <span key={field.field} className={styles.changed}>
                {t('roles.preview.field', {
                  field: label(field.label),
                  before: t(`roles.masks.${field.before}`),
                  after: t(`roles.masks.${field.after}`),
                })}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Verb({ verb, change }: { verb: ScopedVerb; change: { gained: number; lost: number } | undefined }) {
  const { t } = useTranslation()
  if (!change) return null
  const word = t(`roles.verbs.${verb}`)
  return (
    <>
      {change.gained > 0 && (
        <span className={styles.gained}>{t('roles.preview.gained', { verb: word, count: change.gained })}</span>
      )}
      {change.lost > 0 && (
        <span className={styles.lost}>{t('roles.preview.lost', { verb: word, count: change.lost })}</span>
      )}
    </>
  )
}
