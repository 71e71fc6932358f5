import { Select } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, ObjectDescription } from '@/api/types'
import { ConditionEditor } from '@/controls/conditions/ConditionEditor'
import { useMaybeObject, useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import settings from '../../settings.module.css'
import styles from '../objects.module.css'

interface RollupEditorProps {
  object: ObjectDescription
  options: Record<string, unknown>
  onChange: (options: Record<string, unknown>) => void
}

const functions = ['count', 'sum', 'avg', 'min', 'max'] as const
type RollupFunction = (typeof functions)[number]

/** Counts or adds up records that link here. */
export function RollupEditor({ object, options, onChange }: RollupEditorProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const objects = useObjects()
  const target = typeof options.object === 'string' ? options.object : null
  const other = useMaybeObject(target)
  const chosen = target && typeof options.link === 'string' ? `${target}.${options.link}` : null
  const fn = functions.find((one) => one === options.function) ?? 'count'
  const links = object.related.map((related) => ({
    value: `${related.object}.${related.field}`,
    label: `${label(objects.find((one) => one.key === related.object)?.label_plural)} (${label(related.label)})`,
  }))
  const fields = (other?.fields ?? []).filter((field) =>
    fn === 'sum' || fn === 'avg'
      ? field.kind === 'number'
      : field.kind === 'number' || field.kind === 'date' || field.kind === 'instant',
  )
  const chooseLink = (value: string) => {
    const [key, link] = value.split('.')
    onChange({ object: key, link, function: fn })
  }
  const chooseFunction = (next: RollupFunction) => {
    const { field, ...rest } = options
    onChange({ ...rest, function: next, ...(next !== 'count' && field ? { field } : {}) })
  }
  return (
    <>
      <div className={settings.field}>
        <label htmlFor={`${id}-link`}>{t('settings.rollup.link')}</label>
        <Select
          id={`${id}-link`}
          placeholder={t('settings.rollup.linkPlaceholder')}
          notFoundContent={t('settings.rollup.noLinks')}
          value={chosen}
          options={links}
          onChange={chooseLink}
        />
      </div>
      <div className={settings.two}>
        <div className={settings.field}>
          <label htmlFor={`${id}-function`}>{t('settings.rollup.function')}</label>
          <Select
            id={`${id}-function`}
            value={fn}
            options={functions.map((one) => ({ value: one, label: t(`settings.rollup.${one}`) }))}
            onChange={chooseFunction}
          />
        </div>
        {fn !== 'count' && (
          <div className={settings.field}>
            <label htmlFor={`${id}-field`}>{t('settings.rollup.field')}</label>
            <Select
              id={`${id}-field`}
              value={typeof options.field === 'string' ? options.field : null}
              options={fields.map((field) => ({ value: field.key, label: label(field.label) }))}
              onChange={(field) => onChange({ ...options, field })}
            />
          </div>
        )}
      </div>
      {other && (
        <div className={settings.field}>
          <span className={settings.label}>{t('settings.rollup.where')}</span>
          <div className={styles.condition}>
            <ConditionEditor
              key={other.key}
              object={other}
              value={(options.where as Condition | undefined) ?? null}
              onChange={(where) => onChange({ ...options, where })}
            />
          </div>
        </div>
      )}
    </>
  )
}
