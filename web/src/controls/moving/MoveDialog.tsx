import { useNavigate } from '@tanstack/react-router'
import { Button, Form, Input, Modal } from 'antd'
import { type FormEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiProblem } from '@/api/problem'
import type { Check, Field, ObjectDescription, RecordData, State } from '@/api/types'
import { fieldOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ChoiceTag } from '@/ui/ChoiceTag'
import { FieldInput, isEnterable } from '../FieldInput'
import { Checklist, checkKey } from '../stage/Checklist'
import type { MendWays } from '../stage/MendButton'
import styles from './moving.module.css'
import { OpenTasks } from './OpenTasks'
import { useRecheck } from './useRecheck'

interface MoveDialogProps {
  object: ObjectDescription
  record: RecordData
  target: State
  /** Why the gate said no. */
  problem: ApiProblem
  busy: boolean
  onSubmit: (values: Record<string, unknown>, comment: string) => void
  onCancel: () => void
}

/** The Fields that a condition can be met by, each asked for once in the whole list. */
function fieldsByCheck(object: ObjectDescription, checks: Check[]): Map<string, Field[]> {
  const asked = new Set<string>()
  return new Map(
    checks.map((check) => {
      const keys = [check.field, ...check.mend.filter((one) => one.kind === 'field').map((one) => one.field)]
      const fields = keys
        .map((key) => (key ? fieldOf(object, key) : undefined))
        .filter((field): field is Field => field !== undefined && isEnterable(field) && !asked.has(field.key))
      const distinct = [...new Set(fields)]
      for (const field of distinct) asked.add(field.key)
      return [checkKey(check), distinct]
    }),
  )
}

/** What the gate still wants before a record may move, each with what mends it; it is asked again with every entry. */
export function MoveDialog({ object, record, target, problem, busy, onSubmit, onCancel }: MoveDialogProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const navigate = useNavigate()
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [comment, setComment] = useState('')
  const [away, setAway] = useState(false)
  const formId = useId()
  const gate = useRecheck({ object, record, target, problem, values, comment: comment.trim() })
  // A condition keeps its place and its inputs when it is met while one fills them in.
  const first = useRef<Set<string>>(new Set())
  for (const check of gate.checks) if (!check.met) first.current.add(checkKey(check))
  const wanted = gate.checks.filter((check) => first.current.has(checkKey(check)))
  const already = gate.checks.filter((check) => !first.current.has(checkKey(check)))
  const fields = fieldsByCheck(object, wanted)
  const missing = wanted.filter((check) => !check.met).length + (gate.comment && !comment.trim() ? 1 : 0)
  const ways: MendWays = {
    leave: () => setAway(true),
    back: () => setAway(false),
    elsewhere: () => {
      onCancel()
      void navigate({ to: '/o/$object/$id', params: { object: object.key, id: record.id } })
    },
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit(values, comment.trim())
  }
  const firstField = [...fields.values()].flat()[0]?.key
  const asksForTasks = wanted.some((check) => check.mend.some((one) => one.kind === 'tasks'))
  return (
    <Modal
      open={!away}
      centered
      onCancel={onCancel}
      classNames={{ body: styles.body ?? '' }}
      title={
        <span className={styles.title}>
          {t('stage.dialog.title')}
          <ChoiceTag label={label(target.label)} color={target.color} kind={target.kind} />
        </span>
      }
      footer={[
        <Button key="cancel" onClick={onCancel}>
          {t('common.cancel')}
        </Button>,
        <Button key="ok" type="primary" htmlType="submit" form={formId} loading={busy}>
          {t('stage.dialog.move')}
        </Button>,
      ]}
    >
      <p className={styles.record}>{String(record[object.name_field] ?? '')}</p>
      <form id={formId} className={styles.fields} onSubmit={submit} aria-busy={gate.checking}>
        <p aria-live="polite">
          {missing > 0 ? t('stage.dialog.lead', { count: missing }) : t('stage.dialog.leadNone')}
        </p>
        <Checklist
          object={object}
          record={record}
          checks={wanted}
          ways={ways}
          beneath={(check) =>
            (fields.get(checkKey(check)) ?? []).map((field) => (
              <FieldEntry
                key={field.key}
                id={`${formId}-${field.key}`}
                field={field}
                object={object}
                record={{ ...record, ...values }}
                autoFocus={field.key === firstField}
                value={field.key in values ? values[field.key] : (record[field.key] ?? null)}
                onChange={(value) => setValues((before) => ({ ...before, [field.key]: value }))}
              />
            ))
          }
        />
        {asksForTasks && <OpenTasks object={object} record={record} />}
        {gate.comment && (
          <Form.Item
            className={styles.field ?? ''}
            layout="vertical"
            label={t('stage.dialog.comment')}
            htmlFor={`${formId}-comment`}
            required
            help={t('stage.dialog.commentHint')}
          >
            <Input.TextArea
              id={`${formId}-comment`}
              autoFocus={!firstField}
              autoSize={{ minRows: 2, maxRows: 6 }}
              maxLength={10_000}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          </Form.Item>
        )}
        {already.length > 0 && <Checklist object={object} record={record} checks={already} ways={ways} />}
      </form>
    </Modal>
  )
}

interface FieldEntryProps {
  id: string
  field: Field
  object: ObjectDescription
  record: RecordData
  value: unknown
  autoFocus: boolean
  onChange: (value: unknown) => void
}

function FieldEntry({ id, field, object, record, value, autoFocus, onChange }: FieldEntryProps) {
  const label = useLabel()
  const help = label(field.help)
  return (
    <Form.Item
      className={styles.field ?? ''}
      label={label(field.label)}
      htmlFor={id}
      layout="vertical"
      help={help && <span id={`${id}-help`}>{help}</span>}
    >
      <FieldInput
        field={field}
        object={object}
        record={record}
        id={id}
        describedBy={help ? `${id}-help` : undefined}
        autoFocus={autoFocus}
        value={value}
        onChange={onChange}
      />
    </Form.Item>
  )
}
