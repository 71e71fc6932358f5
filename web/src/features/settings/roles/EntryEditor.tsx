import { Button, Select } from 'antd'
import { ChevronRight, Trash2, X } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { FieldMask, ObjectDescription, RoleEntry } from '@/api/types'
import { useMaybeObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import settings from '../settings.module.css'
import { alternativesOf, everyObject, masks, plainVerbs, scopedVerbs, withVerb } from './grants'
import styles from './roles.module.css'
import { ScopeEditor } from './ScopeEditor'

interface EntryEditorProps {
  object: string
  entry: RoleEntry
  /** Whether it is drawn in full from the start; otherwise it says in a line what differs. */
  open: boolean
  onChange: (entry: RoleEntry) => void
  onRemove: () => void
}

/** What the role allows on one Object, or on all of them. */
export function EntryEditor({ object, entry, open, onChange, onRemove }: EntryEditorProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const body = useId()
  const [unfolded, setUnfolded] = useState(open)
  const every = object === everyObject
  const description = useMaybeObject(every ? '' : object)
  const title = every ? t('roles.every') : label(description?.label_plural) || object
  const said = useEntryText(entry, description)
  return (
    <section className={styles.entry} aria-label={title}>
      <header className={styles.entryHead}>
        <h3 className={styles.entryTitle}>
          <button
            type="button"
            className={styles.unfold}
            aria-expanded={unfolded}
            aria-controls={body}
            onClick={() => setUnfolded(!unfolded)}
          >
            <ChevronRight size={14} aria-hidden />
            <span>{title}</span>
            {!unfolded && <span className={styles.entryText}>{said}</span>}
          </button>
        </h3>
        {!every && (
          <Button
            size="small"
            type="text"
            icon={<Trash2 size={14} aria-hidden />}
            aria-label={t('roles.removeObject', { object: title })}
            title={t('roles.removeObject', { object: title })}
            onClick={onRemove}
          />
        )}
      </header>
      {unfolded && (
        <div id={body} className={styles.entryBody}>
          {every && <p className={settings.hint}>{t('roles.everyHint')}</p>}
          <Verbs title={title} description={description} entry={entry} onChange={onChange} />
          {description && <Fields object={description} entry={entry} onChange={onChange} />}
        </div>
      )}
    </section>
  )
}

/** An entry in one line: what is said of its own, in the order of the verbs. */
function useEntryText(entry: RoleEntry, description: ObjectDescription | undefined): string {
  const { t } = useTranslation()
  const label = useLabel()
  const scopes = scopedVerbs.flatMap((verb) => {
    const reached = alternativesOf(entry[verb]).map((way) =>
      t(way.where ? 'roles.reachWhere' : 'roles.reachPlain', { reach: t(`roles.reach.${way.reach}`) }),
    )
    return reached.length > 0
      ? [t('roles.verbSays', { verb: t(`roles.verbs.${verb}`), says: reached.join(t('roles.or')) })]
      : []
  })
  const plain = plainVerbs
    .filter((verb) => entry[verb] !== undefined)
    .map((verb) =>
      t('roles.verbSays', { verb: t(`roles.verbs.${verb}`), says: t(entry[verb] ? 'roles.yes' : 'roles.no') }),
    )
  const fields = Object.entries(entry.fields ?? {}).map(([key, mask]) => {
    const field = description?.fields.find((one) => one.key === key)
    return t('roles.verbSays', { verb: label(field?.label) || key, says: t(`roles.masks.${mask}`) })
  })
  return [...scopes, ...plain, ...fields].join(t('roles.and')) || t('roles.reach.inherit')
}

interface VerbsProps {
  title: string
  description: ObjectDescription | undefined
  entry: RoleEntry
  onChange: (entry: RoleEntry) => void
}

/** How far each verb reaches, and what may be done at all. */
function Verbs({ title, description, entry, onChange }: VerbsProps) {
  const { t } = useTranslation()
  const every = description === undefined
  return (
    <div className={styles.verbs}>
      {scopedVerbs.map((verb) => (
        <div key={verb} className={styles.verb}>
          <span className={settings.label}>{t(`roles.verbs.${verb}`)}</span>
          <ScopeEditor
            name={`${title}: ${t(`roles.verbs.${verb}`)}`}
            object={description ?? null}
            value={entry[verb]}
            onChange={(scope) => onChange(withVerb(entry, verb, scope))}
          />
        </div>
      ))}
      {plainVerbs.map((verb) => (
        <div key={verb} className={styles.verb}>
          <span className={settings.label}>{t(`roles.verbs.${verb}`)}</span>
          <Select
            aria-label={`${title}: ${t(`roles.verbs.${verb}`)}`}
            value={String(entry[verb] ?? (every ? false : 'inherit'))}
            options={[
              ...(every ? [] : [{ value: 'inherit', label: t('roles.reach.inherit') }]),
              { value: 'true', label: t('roles.yes') },
              { value: 'false', label: t('roles.no') },
            ]}
            onChange={(word: string) =>
              onChange(withVerb(entry, verb, word === 'inherit' ? undefined : word === 'true'))
            }
          />
        </div>
      ))}
    </div>
  )
}

interface FieldsProps {
  object: ObjectDescription
  entry: RoleEntry
  onChange: (entry: RoleEntry) => void
}

/** The Fields that do not show as they are, and how they show. */
function Fields({ object, entry, onChange }: FieldsProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const chosen = entry.fields ?? {}
  const put = (key: string, mask: FieldMask | null) => {
    const { [key]: _, ...others } = chosen
    const fields = mask ? { ...others, [key]: mask } : others
    const { fields: __, ...rest } = entry
    onChange(Object.keys(fields).length > 0 ? { ...rest, fields } : rest)
  }
  const free = object.fields.filter((field) => !(field.key in chosen))
  return (
    <div className={settings.field}>
      <span className={settings.label}>{t('roles.fields')}</span>
      {Object.entries(chosen).map(([key, mask]) => {
        const field = object.fields.find((one) => one.key === key)
        const name = label(field?.label) || key
        const text = field?.kind === 'text' && !field.computed
        return (
          <div key={key} className={styles.wayLine}>
            <span className={styles.fieldName}>{name}</span>
            <Select
              className={styles.reach}
              aria-label={name}
              value={mask}
              options={masks
                .filter((one) => one !== 'masked' || text || mask === 'masked')
                .map((one) => ({ value: one, label: t(`roles.masks.${one}`) }))}
              onChange={(one: FieldMask) => put(key, one)}
            />
            <Button
              size="small"
              type="text"
              icon={<X size={14} aria-hidden />}
              aria-label={t('roles.openField', { field: name })}
              onClick={() => put(key, null)}
            />
          </div>
        )
      })}
      <Select
        showSearch={{ optionFilterProp: 'label' }}
        value={null}
        placeholder={t('roles.addField')}
        aria-label={`${label(object.label)}: ${t('roles.addField')}`}
        options={free.map((field) => ({ value: field.key, label: label(field.label) }))}
        onChange={(key: string | null) => key && put(key, 'hidden')}
      />
    </div>
  )
}
