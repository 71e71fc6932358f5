import { Form } from 'antd'
import { type FormEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
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
}

/** All Fields that people enter, in the sections of the layout. What is wrong stands at the Field it concerns. */
export function RecordForm({ id, object, form }: RecordFormProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const element = useRef<HTMLFormElement>(null)
  const sections = formSections(object)
  const shown = new Set(sections.flatMap((section) => section.fields.map((field) => field.key)))
  const { problem } = form
  const loose = problem && problem.status !== 409 && !problem.errors.some((one) => one.field && shown.has(one.field))

  useEffect(() => {
    if (problem) element.current?.querySelector<HTMLElement>('[data-problem] :is(input, textarea, button)')?.focus()
  }, [problem])

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
      {loose && <ProblemNote error={problem} />}
      {sections.map((section) => (
        <fieldset key={section.key} className={styles.section}>
          {sections.length > 1 && <legend className={styles.legend}>{label(section.label) || t('form.other')}</legend>}
          {section.fields.map((field) => (
            <FormField key={field.key} formId={id} object={object} field={field} form={form} />
          ))}
        </fieldset>
      ))}
    </form>
  )
}

interface FormFieldProps {
  formId: string
  object: ObjectDescription
  field: Field
  form: RecordFormState
}

function FormField({ formId, object, field, form }: FormFieldProps) {
  const label = useLabel()
  const messages = form.problem?.status === 409 ? [] : (form.problem?.of(field.key) ?? [])
  const invalid = messages.length > 0
  const inputId = `${formId}-${field.key}`
  const help = invalid ? messages.join(' ') : label(field.help)
  return (
    <Form.Item
      className={wideTypes.has(field.type) ? (styles.wide ?? '') : ''}
      layout="vertical"
      htmlFor={inputId}
      label={label(field.label)}
      required={field.required}
      validateStatus={invalid ? 'error' : ''}
      help={help && <span id={`${inputId}-help`}>{help}</span>}
      data-problem={invalid || undefined}
      data-field={field.key}
    >
      <FieldInput
        id={inputId}
        field={field}
        object={object}
        record={form.values}
        value={form.value(field)}
        invalid={invalid}
        describedBy={help ? `${inputId}-help` : undefined}
        onChange={(value) => form.change(field, value)}
      />
    </Form.Item>
  )
}
