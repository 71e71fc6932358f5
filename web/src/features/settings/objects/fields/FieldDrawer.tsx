import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Field, FieldType, ObjectDescription } from '@/api/types'
import { FieldInput } from '@/controls/FieldInput'
import { useLabel } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { useNotify } from '@/ui/useNotify'
import settings from '../../settings.module.css'
import { hasText, LabelInputs } from '../LabelInputs'
import { fieldTypesQuery, keyOf, useSchemaRefresh } from '../useSchema'
import { changesOf, definitionOf, draftOf, type FieldDraft } from './draft'
import { FieldOptions } from './FieldOptions'
import { TypePicker } from './TypePicker'

interface FieldDrawerProps {
  object: ObjectDescription
  /** The Field to change; null for a new one. */
  field: Field | null
  onClose: () => void
}

/** Adds a Field of any type, or changes one. */
export function FieldDrawer({ object, field, onClose }: FieldDrawerProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const notify = useNotify()
  const refresh = useSchemaRefresh()
  const form = useId()
  const { data: types = [] } = useQuery(fieldTypesQuery)
  const [draft, setDraft] = useState<FieldDraft>(() => draftOf(field))
  const type = types.find((one) => one.key === draft.type)
  const change = (part: Partial<FieldDraft>) => setDraft((known) => ({ ...known, ...part }))
  const system = field?.origin === 'system'
  const save = useMutation({
    mutationFn: () =>
      field
        ? api.schema.changeField(object.key, field.key, changesOf(draft, field, type))
        : api.schema.addField(
            object.key,
            definitionOf(
              draft,
              type,
              object.fields.map((one) => one.key),
            ),
          ),
    onSuccess: async (saved) => {
      await refresh()
      onClose()
      notify.done(t(field ? 'settings.fields.changed' : 'settings.fields.added', { name: label(saved.label) }))
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <SideDrawer
      open
      wide
      title={
        field
          ? t('settings.fields.change', { name: label(field.label) })
          : t('settings.fields.addTo', { object: label(object.label) })
      }
      onClose={onClose}
      footer={
        <div className={settings.buttons}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            type="primary"
            htmlType="submit"
            form={form}
            loading={save.isPending}
            disabled={!draft.type || !hasText(draft.label) || system}
          >
            {t('common.save')}
          </Button>
        </div>
      }
    >
      <form id={form} className={settings.form} onSubmit={submit}>
        {!field && (
          <TypePicker
            types={types}
            value={draft.type}
            onChange={(key) => change({ type: key, options: {}, default: null })}
          />
        )}
        {draft.type && (
          <>
            <LabelInputs
              label={t('settings.fields.label')}
              value={draft.label}
              onChange={(next) => change({ label: next })}
              required
            />
            {!field && <KeyInput draft={draft} onChange={(key) => change({ key })} />}
            <FieldOptions object={object} field={field} type={type} draft={draft} onChange={change} />
            <LabelInputs label={t('settings.fields.help')} value={draft.help} onChange={(help) => change({ help })} />
            <Flags object={object} field={field} type={type} draft={draft} onChange={change} />
            {type && (
              <DefaultInput
                object={object}
                type={type}
                draft={draft}
                onChange={(value) => change({ default: value })}
              />
            )}
          </>
        )}
        {save.error && <ProblemNote error={save.error} />}
      </form>
    </SideDrawer>
  )
}

function KeyInput({ draft, onChange }: { draft: FieldDraft; onChange: (key: string) => void }) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className={settings.field}>
      <label htmlFor={id}>{t('settings.objects.key')}</label>
      <Input
        id={id}
        className={settings.key ?? ''}
        maxLength={48}
        placeholder={keyOf(draft.label.en) || t('settings.objects.keyAuto')}
        value={draft.key}
        onChange={(event) => onChange(event.target.value)}
      />
      <span className={settings.hint}>{t('settings.objects.keyHint')}</span>
    </div>
  )
}

interface PartProps {
  object: ObjectDescription
  field: Field | null
  type: FieldType | undefined
  draft: FieldDraft
  onChange: (part: Partial<FieldDraft>) => void
}

function Flags({ object, field, type, draft, onChange }: PartProps) {
  const { t } = useTranslation()
  if (!type) return null
  const isName = field?.key === object.name_field
  const offered = [
    ...(type.computed || type.readonly ? [] : (['required'] as const)),
    ...(type.can_be_unique ? (['unique'] as const) : []),
    ...(type.computed || type.readonly || isName ? [] : (['readonly'] as const)),
    ...(isName ? [] : (['hidden'] as const)),
    ...(type.computed ? [] : (['personal'] as const)),
  ]
  return (
    <div className={settings.checks}>
      {offered.map((flag) => (
        <div key={flag}>
          <Checkbox checked={draft[flag]} onChange={(event) => onChange({ [flag]: event.target.checked })}>
            {t(`settings.fields.${flag}`)}
          </Checkbox>
          <span className={settings.hint}>{t(`settings.fields.${flag}Hint`)}</span>
        </div>
      ))}
    </div>
  )
}

/** Types whose starting value can be entered here as in a form. */
const withDefault = new Set([
  'text',
  'long_text',
  'number',
  'money',
  'percent',
  'boolean',
  'choice',
  'choices',
  'email',
  'phone',
  'url',
  'currency',
])

interface DefaultInputProps {
  object: ObjectDescription
  type: FieldType
  draft: FieldDraft
  onChange: (value: unknown) => void
}

function DefaultInput({ object, type, draft, onChange }: DefaultInputProps) {
  const { t } = useTranslation()
  const id = useId()
  if (!withDefault.has(type.key)) return null
  const preview: Field = {
    ...draft,
    kind: type.kind,
    choices: draft.choices.filter((choice) => choice.key && !choice.retired),
    required: false,
    readonly: false,
    computed: false,
    masked: false,
    origin: 'custom',
    operators: [],
    sortable: false,
    groupable: false,
    target: null,
    currency_field: null,
  }
  if (type.takes_choices && preview.choices.length === 0) return null
  return (
    <div className={settings.field}>
      <label htmlFor={id}>{t('settings.fields.default')}</label>
      <FieldInput id={id} field={preview} value={draft.default} object={object} onChange={onChange} />
    </div>
  )
}
