import { Checkbox, Input, InputNumber, Select } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, FieldType, ObjectDescription } from '@/api/types'
import { useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import settings from '../../settings.module.css'
import { ChoicesEditor } from './ChoicesEditor'
import type { FieldDraft } from './draft'
import { FormulaEditor } from './FormulaEditor'
import { RollupEditor } from './RollupEditor'

interface FieldOptionsProps {
  object: ObjectDescription
  field: Field | null
  type: FieldType | undefined
  draft: FieldDraft
  onChange: (part: Partial<FieldDraft>) => void
}

/** What a type lets one choose beyond what all Fields have. */
export function FieldOptions({ object, field, type, draft, onChange }: FieldOptionsProps) {
  const { t } = useTranslation()
  const { options } = draft
  const set = (name: string, value: unknown) => onChange({ options: { ...options, [name]: value } })
  const number = (
    name: 'max_length' | 'scale' | 'level' | 'start',
    low: number,
    high: number,
    start: number,
    fixed = false,
  ) => (
    <NumberOption
      key={name}
      name={name}
      low={low}
      high={high}
      start={start}
      value={options[name]}
      disabled={fixed}
      onChange={(value) => set(name, value)}
    />
  )
  if (type?.takes_choices) {
    return <ChoicesEditor choices={draft.choices} onChange={(choices) => onChange({ choices })} />
  }
  switch (draft.type) {
    case 'text':
      return (
        <div className={settings.two}>
          {number('max_length', 1, 4000, 255)}
          <SearchOption value={options.search} onChange={(value) => set('search', value)} />
        </div>
      )
    case 'long_text':
      return <SearchOption value={options.search} onChange={(value) => set('search', value)} />
    case 'number':
      return (
        <>
          {number('scale', 0, 10, 0)}
          <Checkbox checked={options.grouped !== false} onChange={(event) => set('grouped', event.target.checked)}>
            {t('settings.options.grouped')}
          </Checkbox>
        </>
      )
    case 'percent':
      return number('scale', 0, 4, 0)
    case 'money':
      return (
        <div className={settings.two}>
          {number('scale', 0, 4, 2)}
          <CurrencyOption
            object={object}
            value={options.currency_field}
            fixed={field !== null}
            onChange={(value) => set('currency_field', value)}
          />
        </div>
      )
    case 'link':
      return (
        <>
          <TargetOption value={options.target} fixed={field !== null} onChange={(value) => set('target', value)} />
          <CarriesOption value={options.carries} onChange={(value) => set('carries', value)} />
        </>
      )
    case 'region':
      return <LevelOption value={options.level} onChange={(value) => set('level', value)} />
    case 'autonumber':
      return (
        <div className={settings.two}>
          <FormatOption value={options.format} onChange={(value) => set('format', value)} />
          {number('start', 0, 1_000_000_000, 1, field !== null)}
        </div>
      )
    case 'formula':
      return (
        <FormulaEditor
          object={object}
          own={field?.key ?? null}
          value={String(options.expression ?? '')}
          onChange={(value) => set('expression', value)}
        />
      )
    case 'rollup':
      return <RollupEditor object={object} options={options} onChange={(next) => onChange({ options: next })} />
    default:
      return null
  }
}

interface NumberOptionProps {
  name: 'max_length' | 'scale' | 'level' | 'start'
  low: number
  high: number
  start: number
  value: unknown
  disabled: boolean
  onChange: (value: number | null) => void
}

function NumberOption({ name, low, high, start, value, disabled, onChange }: NumberOptionProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className={settings.field}>
      <label htmlFor={id}>{t(`settings.options.${name}`)}</label>
      <InputNumber<number>
        id={id}
        style={{ width: '100%' }}
        min={low}
        max={high}
        precision={0}
        disabled={disabled}
        placeholder={String(start)}
        value={typeof value === 'number' ? value : null}
        onChange={onChange}
      />
    </div>
  )
}

interface OptionProps {
  value: unknown
  onChange: (value: unknown) => void
}

function SearchOption({ value, onChange }: OptionProps) {
  const { t } = useTranslation()
  return (
    <div className={settings.checks}>
      <span className={settings.label}>{t('settings.options.finding')}</span>
      <Checkbox checked={value !== false} onChange={(event) => onChange(event.target.checked)}>
        {t('settings.options.search')}
      </Checkbox>
    </div>
  )
}

function CurrencyOption({
  object,
  value,
  fixed,
  onChange,
}: OptionProps & { object: ObjectDescription; fixed: boolean }) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const own = object.fields.filter((field) => field.type === 'currency')
  return (
    <div className={settings.field}>
      <label htmlFor={id}>{t('settings.options.currency_field')}</label>
      <Select
        id={id}
        disabled={fixed}
        value={typeof value === 'string' ? value : ''}
        options={[
          { value: '', label: t('settings.options.ownCurrency') },
          ...own.map((field) => ({ value: field.key, label: label(field.label) })),
        ]}
        onChange={(next) => onChange(next || null)}
      />
    </div>
  )
}

function TargetOption({ value, fixed, onChange }: OptionProps & { fixed: boolean }) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const objects = useObjects()
  return (
    <div className={settings.field}>
      <label htmlFor={id}>{t('settings.options.target')}</label>
      <Select
        id={id}
        disabled={fixed}
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={t('settings.options.targetPlaceholder')}
        value={typeof value === 'string' ? value : null}
        options={objects.map((object) => ({ value: object.key, label: label(object.label) }))}
        onChange={onChange}
      />
    </div>
  )
}

function CarriesOption({ value, onChange }: OptionProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className={settings.field}>
      <label htmlFor={id}>{t('settings.options.carries')}</label>
      <Select
        id={id}
        value={typeof value === 'string' ? value : 'none'}
        options={(['none', 'read', 'edit'] as const).map((word) => ({
          value: word,
          label: t(`settings.options.carries_${word}`),
        }))}
        onChange={onChange}
      />
      <span className={settings.hint}>{t('settings.options.carriesHint')}</span>
    </div>
  )
}

function LevelOption({ value, onChange }: OptionProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className={settings.field}>
      <label htmlFor={id}>{t('settings.options.level')}</label>
      <Select
        id={id}
        value={typeof value === 'number' ? value : 3}
        options={([1, 2, 3] as const).map((level) => ({ value: level, label: t(`settings.options.level${level}`) }))}
        onChange={onChange}
      />
    </div>
  )
}

function FormatOption({ value, onChange }: OptionProps) {
  const { t } = useTranslation()
  const id = useId()
  return (
    <div className={settings.field}>
      <label htmlFor={id}>{t('settings.options.format')}</label>
      <Input
        id={id}
        className={settings.key ?? ''}
        placeholder="SJ-{year}-{number:05d}"
        value={typeof value === 'string' ? value : ''}
        onChange={(event) => onChange(event.target.value)}
      />
      <span className={settings.hint}>{t('settings.options.formatHint')}</span>
    </div>
  )
}
