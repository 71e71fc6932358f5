import { Form } from 'antd'
import { type FormEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem } from '@/api/problem'
import type { Field, ObjectDescription } from '@/api/types'
import { ConflictPanel } from '@/controls/conflict/ConflictPanel'
import { FieldInput } from '@/controls/FieldInput'
import { formSections } from '@/controls/sections'
import { useLabel } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import styles from './form.module.css'
import type { RecordFormState } from './useRecordForm'

const wideTypes = new Set(['long_text'])

interface RecordFormProps {
  id: string
  object: ObjectDescription
  form: RecordFormState
  /** The Field to begin with. */
  field?: string | undefined
}

/** All Fields that people enter, in the sections of the layout. What is wrong stands at the Field it concerns. */
export function RecordForm({ id, object, form, field: wanted }: RecordFormProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const element = useRef<HTMLFormElement>(null)
  const sections = formSections(object)
  const shown = new Set(sections.flatMap((section) => section.fields.map((field) => field.key)))
  const { problem } = form
  const loose = problem && besidesFields(problem, shown)

  useEffect(() => {
    if (!problem) return
    element.current?.querySelector<HTMLElement>('[data-problem] :is(input, textarea, button)')?.focus()
    element.current?.querySelector('[role="alert"]')?.scrollIntoView({ block: 'nearest' })
  }, [problem])

  // The drawer takes the focus to itself when it has slid in; the Field is asked for after that.
  useEffect(() => {
    if (!wanted) return
    const timer = setTimeout(() => {
      const place = element.current?.querySelector<HTMLElement>(`[data-field="${CSS.escape(wanted)}"]`)
      place?.scrollIntoView({ block: 'center' })
      // Whoever has begun elsewhere in the form by now goes on there.
      if (element.current?.contains(document.activeElement)) return
      place?.querySelector<HTMLElement>('input, textarea, button')?.focus()
    }, 300)
    return () => clearTimeout(timer)
  }, [wanted])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    form.submit()
  }
  return (
    <form id={id} ref={element} onSubmit={submit} noValidate className={styles.form}>
      {problem?.status === 409 && (
        <ConflictPanel
          object={object}
          problem={problem}
          mine={form.entered}
          busy={form.busy}
          onResolve={form.resolve}
          onCancel={form.dismiss}
        />
      )}
      {loose && <ProblemNote error={loose} />}
      {sections.map((section) => (
        <fieldset key={section.key} className={styles.section}>
          {sections.length > 1 && <legend className={styles.legend}>{label(section.label) || t('form.other')}</legend>}
          {pairs(section.fields).map(({ field, currency }) => (
            <FormField
              key={field.key}
              formId={id}
              object={object}
              field={field}
              currency={currency}
              form={form}
              first={field.key === wanted}
            />
          ))}
        </fieldset>
      ))}
    </form>
  )
}

/** What a refusal says besides what stands at the Fields; null where it says nothing more. */
function besidesFields(problem: ApiProblem, shown: Set<string>): ApiProblem | null {
  if (problem.status === 409) return null
  const errors = problem.errors.filter((one) => !one.field || !shown.has(one.field))
  if (errors.length === 0 && problem.errors.length > 0) return null
  const detail = errors[0]?.message ?? problem.message
  return new ApiProblem(problem.status, { ...problem.body, detail, errors }, problem.retryAfter)
}

/** An amount and its currency are one entry where they stand next to each other. */
function pairs(fields: Field[]): { field: Field; currency: Field | undefined }[] {
  const currencyAfter = (index: number) => {
    const next = fields[index + 1]
    return next && fields[index]?.currency_field === next.key ? next : undefined
  }
  return fields.flatMap((field, index) =>
    index > 0 && currencyAfter(index - 1) ? [] : [{ field, currency: currencyAfter(index) }],
  )
}

interface FormFieldProps {
  formId: string
  object: ObjectDescription
  field: Field
  currency: Field | undefined
  form: RecordFormState
  /** Whether the entry begins here. */
  first: boolean
}

function FormField({ formId, object, field, currency, form, first }: FormFieldProps) {
  const label = useLabel()
  const saidOf = (one: Field | undefined) => (one && form.problem?.status !== 409 && form.problem?.of(one.key)) || []
  const messages = [...saidOf(field), ...saidOf(currency)]
  const invalid = messages.length > 0
  const inputId = `${formId}-${field.key}`
  const help = invalid ? messages.join(' ') : label(field.help)
  return (
    <Form.Item
      className={`${styles.item} ${wideTypes.has(field.type) ? styles.wide : ''}`}
      layout="vertical"
      htmlFor={inputId}
      label={label(field.label)}
      required={field.required}
      validateStatus={invalid ? 'error' : ''}
      help={
        help && (
          <span id={`${inputId}-help`} className={invalid ? '' : styles.hint}>
            {help}
          </span>
        )
      }
      data-problem={invalid || undefined}
      data-field={field.key}
    >
      <div className={currency && styles.amount}>
        <FieldInput
          id={inputId}
          field={field}
          object={object}
          record={form.values}
          value={form.value(field)}
          autoFocus={first}
          invalid={invalid}
          describedBy={help ? `${inputId}-help` : undefined}
          onChange={(value) => form.change(field, value)}
        />
        {currency && (
          <>
            <label className="visually-hidden" htmlFor={`${formId}-${currency.key}`}>
              {label(currency.label)}
            </label>
            <FieldInput
              id={`${formId}-${currency.key}`}
              field={currency}
              object={object}
              record={form.values}
              value={form.value(currency)}
              invalid={saidOf(currency).length > 0}
              onChange={(value) => form.change(currency, value)}
            />
          </>
        )}
      </div>
    </Form.Item>
  )
}
