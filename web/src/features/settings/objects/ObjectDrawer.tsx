import { useMutation } from '@tanstack/react-query'
import { Button, Checkbox, Input, Select } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ObjectDescription, Text } from '@/api/types'
import { useObjects } from '@/kernel/describe'
import { iconNames, ObjectIcon } from '@/ui/Icon'
import { ProblemNote } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import settings from '../settings.module.css'
import { hasText, LabelInputs, trimmed } from './LabelInputs'
import styles from './objects.module.css'
import { keyOf, useSchemaRefresh } from './useSchema'

interface ObjectDrawerProps {
  /** The Object to change; null for a new one. */
  object: ObjectDescription | null
  onClose: () => void
  onSaved: (key: string) => void
}

const shippedGroups = ['sales', 'activity', 'organisation', 'custom'] as const
const nothing: Text = { zh: '', en: '' }

/** Adds an Object, or changes how one is called and shown. */
export function ObjectDrawer({ object, onClose, onSaved }: ObjectDrawerProps) {
  const { t } = useTranslation()
  const refresh = useSchemaRefresh()
  const form = useId()
  const keyId = useId()
  const groupId = useId()
  const objects = useObjects()
  const [label, setLabel] = useState<Text>(object?.label ?? nothing)
  const [plural, setPlural] = useState<Text>(object?.label_plural ?? nothing)
  const [key, setKey] = useState(object?.key ?? '')
  const [icon, setIcon] = useState(object?.icon ?? 'box')
  const [group, setGroup] = useState(object?.group ?? 'custom')
  const [tracked, setTracked] = useState(object?.tracked ?? false)
  const [ownable, setOwnable] = useState(true)
  const groups = [...new Set([...shippedGroups, ...objects.map((one) => one.group)])]
  const groupName = (one: string) => {
    const known = shippedGroups.find((shipped) => shipped === one)
    return known ? t(`shell.groups.${known}`) : one
  }
  const save = useMutation({
    mutationFn: async () => {
      const parts = {
        label: trimmed(label),
        ...(hasText(plural) && { label_plural: trimmed(plural) }),
        icon,
        group,
        tracked,
      }
      if (object) return api.schema.changeObject(object.key, parts)
      const made = key || keyOf(label.en || label.zh)
      return api.schema.addObject({ ...parts, ...(made && { key: made }), ownable })
    },
    onSuccess: async (saved) => {
      await refresh()
      onClose()
      onSaved(saved.key)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <SideDrawer
      open
      title={object ? t('settings.objects.change') : t('settings.objects.add')}
      onClose={onClose}
      footer={
        <div className={settings.buttons}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" htmlType="submit" form={form} loading={save.isPending} disabled={!hasText(label)}>
            {t('common.save')}
          </Button>
        </div>
      }
    >
      <form id={form} className={settings.form} onSubmit={submit}>
        <LabelInputs label={t('settings.objects.label')} value={label} onChange={setLabel} autoFocus required />
        <LabelInputs label={t('settings.objects.plural')} value={plural} onChange={setPlural} />
        {!object && (
          <div className={settings.field}>
            <label htmlFor={keyId}>{t('settings.objects.key')}</label>
            <Input
              id={keyId}
              className={settings.key ?? ''}
              placeholder={keyOf(label.en) || t('settings.objects.keyAuto')}
              maxLength={40}
              value={key}
              onChange={(event) => setKey(event.target.value)}
            />
            <span className={settings.hint}>{t('settings.objects.keyHint')}</span>
          </div>
        )}
        <div className={settings.field}>
          <label htmlFor={groupId}>{t('settings.objects.group')}</label>
          <Select
            id={groupId}
            value={group}
            options={groups.map((one) => ({ value: one, label: groupName(one) }))}
            onChange={setGroup}
          />
        </div>
        <fieldset className={settings.pair}>
          <legend className={settings.label}>{t('settings.objects.icon')}</legend>
          <div className={styles.icons}>
            {iconNames.map((name) => (
              <button
                key={name}
                type="button"
                className={styles.iconChoice}
                aria-pressed={name === icon}
                aria-label={name}
                onClick={() => setIcon(name)}
              >
                <ObjectIcon name={name} size={18} />
              </button>
            ))}
          </div>
        </fieldset>
        <div className={settings.checks}>
          <Checkbox
            checked={tracked}
            disabled={object?.tracked ?? false}
            onChange={(event) => setTracked(event.target.checked)}
          >
            {t('settings.objects.tracked')}
          </Checkbox>
          <span className={settings.hint}>{t('settings.objects.trackedHint')}</span>
          {!object && (
            <Checkbox checked={ownable} onChange={(event) => setOwnable(event.target.checked)}>
              {t('settings.objects.ownable')}
            </Checkbox>
          )}
        </div>
        {save.error && <ProblemNote error={save.error} />}
      </form>
    </SideDrawer>
  )
}
