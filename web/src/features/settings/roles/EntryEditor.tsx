import { Button, Select } from 'antd'
import { Trash2, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { FieldMask, ObjectDescription, RoleEntry } from '@/api/types'
import { useMaybeObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import settings from '../settings.module.css'
import { everyObject, masks, plainVerbs, scopedVerbs, withVerb } from './grants'
import styles from './roles.module.css'
import { ScopeEditor } from './ScopeEditor'

interface EntryEditorProps {
  object: string
  entry: RoleEntry
  onChange: (entry: RoleEntry) => void
  onRemove: () => void
}

/** What the role allows on one Object, or on all of them. */
export function EntryEditor({ object, entry, onChange, onRemove }: EntryEditorProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const every = object === everyObject
  const description = useMaybeObject(every ? '' : object)
  const title = every ? t('roles.every') : label(description?.label_plural) || object
  return (
    <section className={styles.entry} aria-label={title}>
      <header className={styles.entryHead}>
        <h3 className={settings.sectionTitle}>{title}</h3>
        {!every && (
          <Button
            size="small"
            type="text"
            icon={<Trash2 size={14} aria-hidden />}
            aria-label={t('roles.removeObject', { object: title })}
            onClick={onRemove}
          />
        )}
      </header>
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
              value={entry[verb] === undefined ? 'inherit' : String(entry[verb])}
              options={[
                { value: 'inherit', label: t(every ? 'roles.no' : 'roles.reach.inherit') },
                { value: 'true', label: t('roles.yes') },
                ...(every ? [] : [{ value: 'false', label: t('roles.no') }]),
              ]}
              onChange={(word: string) =>
                onChange(withVerb(entry, verb, word === 'inherit' ? undefined : word === 'true'))
              }
            />
          </div>
        ))}
      </div>
      {description && <Fields object={description} entry={entry} onChange={onChange} />}
    </section>
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
