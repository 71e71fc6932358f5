import { Button, Form, Modal } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiProblem } from '@/api/problem'
import type { Field, ObjectDescription, ProblemItem, RecordData, State } from '@/api/types'
import { fieldOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ChoiceTag } from '@/ui/ChoiceTag'
import { ProblemNote } from '@/ui/ProblemView'
import { FieldInput, isEnterable } from '../FieldInput'
import styles from './moving.module.css'

interface MoveDialogProps {
  object: ObjectDescription
  record: RecordData
  target: State
  /** Why the gate said no; its Fields are asked for here. */
  problem: ApiProblem
  busy: boolean
  onSubmit: (values: Record<string, unknown>) => void
  onCancel: () => void
}

interface Asked {
  field: Field
  errors: ProblemItem[]
}

function askedFields(object: ObjectDescription, problem: ApiProblem): Asked[] {
  const asked = new Map<string, Asked>()
  for (const error of problem.errors) {
    const field = error.field ? fieldOf(object, error.field) : undefined
    if (!field || !isEnterable(field)) continue
    const known = asked.get(field.key) ?? { field, errors: [] }
    known.errors.push(error)
    asked.set(field.key, known)
  }
  return [...asked.values()]
}

/** What the gate still wants before a record may move, each with the input that mends it. */
export function MoveDialog({ object, record, target, problem, busy, onSubmit, onCancel }: MoveDialogProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const [values, setValues] = useState<Record<string, unknown>>({})
  const formId = useId()
  const asked = askedFields(object, problem)
  const askedKeys = new Set(asked.map((one) => one.field.key))
  const other = problem.errors.filter((error) => !error.field || !askedKeys.has(error.field))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit(values)
  }
  return (
    <Modal
      open
      onCancel={onCancel}
      title={
        <span className={styles.title}>
          {t('board.move.title')}
          <ChoiceTag label={label(target.label)} color={target.color} kind={target.kind} />
        </span>
      }
      footer={[
        <Button key="cancel" onClick={onCancel}>
          {t('common.cancel')}
        </Button>,
        <Button key="ok" type="primary" htmlType="submit" form={formId} loading={busy} disabled={asked.length === 0}>
          {t('board.move.confirm')}
        </Button>,
      ]}
    >
      <p className={styles.record}>{String(record[object.name_field] ?? '')}</p>
      {asked.length === 0 ? (
        <ProblemNote error={problem} />
      ) : (
        <form id={formId} className={styles.fields} onSubmit={submit}>
          <p>{t('board.move.needs')}</p>
          {asked.map(({ field, errors }, index) => (
            <Form.Item
              key={field.key}
              className={styles.field ?? ''}
              label={label(field.label)}
              htmlFor={`${formId}-${field.key}`}
              layout="vertical"
              required
              validateStatus={values[field.key] === undefined ? 'error' : ''}
              help={
                <span id={`${formId}-${field.key}-help`}>
                  {values[field.key] === undefined ? errors.map((error) => error.message).join(' ') : label(field.help)}
                </span>
              }
            >
              <FieldInput
                field={field}
                object={object}
                record={{ ...record, ...values }}
                id={`${formId}-${field.key}`}
                describedBy={`${formId}-${field.key}-help`}
                autoFocus={index === 0}
                value={field.key in values ? values[field.key] : (record[field.key] ?? null)}
                onChange={(value) => setValues((before) => ({ ...before, [field.key]: value }))}
              />
            </Form.Item>
          ))}
          {other.map((error) => (
            <p className={styles.other} key={`${error.code}:${error.message}`}>
              {error.message}
            </p>
          ))}
        </form>
      )}
    </Modal>
  )
}
