import { DatePicker, Input, InputNumber, Select } from 'antd'
import dayjs from 'dayjs'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, Operator } from '@/api/types'
import type { PathField } from '@/kernel/paths'
import type { InputProps } from '../control'
import styles from '../controls.module.css'
import { FieldInput } from '../FieldInput'
import { targetOf } from '../inputs/LinkInput'
import { RecordsPicker } from '../RecordsPicker'
import own from './conditions.module.css'

interface ValueEditorProps {
  path: PathField
  operator: Operator
  value: unknown
  onChange: (value: unknown) => void
}

/** A Field as a filter asks about it: nothing required, nothing limited, no unit to wait for. */
const asAsked = (field: Field): Field => ({
  ...field,
  required: false,
  options: { ...field.options, max_length: undefined },
})

/** The value of a line, as its operator and the kind of its Field want it. */
export function ValueEditor({ path, operator, value, onChange }: ValueEditorProps) {
  const { t } = useTranslation()
  switch (operator.argument) {
    case 'days':
      return (
        <InputNumber<number>
          className={styles.fullWidth ?? ''}
          min={1}
          precision={0}
          suffix={t('conditions.days')}
          aria-label={t('conditions.value')}
          value={typeof value === 'number' ? value : null}
          onChange={onChange}
        />
      )
    case 'range':
      return <RangeEditor path={path} operator={operator} value={value} onChange={onChange} />
    case 'many':
      return <ManyEditor path={path} operator={operator} value={value} onChange={onChange} />
    default:
      return <OneEditor path={path} operator={operator} value={value} onChange={onChange} />
  }
}

function RangeEditor({ path, operator, value, onChange }: ValueEditorProps) {
  const { t } = useTranslation()
  const [low, high] = Array.isArray(value) ? value : [null, null]
  return (
    <div className={own.range}>
      <OneEditor
        path={path}
        operator={operator}
        value={low}
        name={t('conditions.from')}
        onChange={(next) => onChange([next ?? null, high ?? null])}
      />
      <span aria-hidden>–</span>
      <OneEditor
        path={path}
        operator={operator}
        value={high}
        name={t('conditions.to')}
        onChange={(next) => onChange([low ?? null, next ?? null])}
      />
    </div>
  )
}

function ManyEditor({ path, value, onChange }: ValueEditorProps) {
  const { t } = useTranslation()
  const { field } = path
  const items = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  if (field.kind === 'link') {
    return <RecordsPicker object={targetOf(field)} value={items} onChange={onChange} label={t('conditions.value')} />
  }
  if (field.kind === 'choice' || field.kind === 'choices') {
    return (
      <NamedInput
        name={t('conditions.value')}
        field={{ ...asAsked(field), type: 'choices' }}
        value={items}
        object={path.owner}
        onChange={(next) => onChange(next ?? [])}
      />
    )
  }
  return (
    <Select
      mode="tags"
      className={styles.fullWidth ?? ''}
      aria-label={t('conditions.value')}
      tokenSeparators={[',', ',', '、', ';', '\n']}
      open={false}
      suffixIcon={null}
      value={items.map(String)}
      onChange={(next: string[]) => onChange(next)}
    />
  )
}

interface OneEditorProps extends ValueEditorProps {
  /** What it is called where there are several. */
  name?: string
}

function OneEditor({ path, operator, value, onChange, name }: OneEditorProps) {
  const { t } = useTranslation()
  const { field } = path
  const label = name ?? t('conditions.value')
  if (field.kind === 'text' || operator.key === 'contains') {
    return (
      <Input
        aria-label={label}
        value={typeof value === 'string' ? value : ''}
        onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
      />
    )
  }
  if (field.kind === 'date' || field.kind === 'instant') {
    return (
      <DatePicker
        className={styles.fullWidth ?? ''}
        aria-label={label}
        value={typeof value === 'string' && value ? dayjs(value.slice(0, 10)) : null}
        onChange={(day) => onChange(day ? day.format('YYYY-MM-DD') : undefined)}
      />
    )
  }
  if (field.kind === 'number') {
    return (
      <InputNumber<number>
        className={styles.fullWidth ?? ''}
        controls={false}
        aria-label={label}
        suffix={field.type === 'percent' ? '%' : undefined}
        value={typeof value === 'number' ? value : null}
        onChange={(next) => onChange(next ?? undefined)}
      />
    )
  }
  if (field.kind === 'link') {
    return (
      <RecordsPicker
        object={targetOf(field)}
        single
        value={value === undefined || value === null ? [] : [value]}
        onChange={(next) => onChange(next[0])}
        label={label}
      />
    )
  }
  return (
    <NamedInput
      name={label}
      field={asAsked(field)}
      value={value}
      object={path.owner}
      onChange={(next) => onChange(next ?? undefined)}
    />
  )
}

/** The input of the Field's type, named for those who do not see where it stands. */
function NamedInput({ name, ...props }: InputProps & { name: string }) {
  const id = useId()
  return (
    <>
      <label htmlFor={id} className="visually-hidden">
        {name}
      </label>
      <FieldInput {...props} id={id} />
    </>
  )
}
