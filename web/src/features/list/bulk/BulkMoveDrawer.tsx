import { Button, Form, Input, Select } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, Process } from '@/api/types'
import { FieldInput, isEnterable } from '@/controls/FieldInput'
import { fieldOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { writable } from '@/kernel/records'
import { ChoiceTag } from '@/ui/ChoiceTag'
import { ProblemNote } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { BulkResults } from './BulkResults'
import styles from './bulk.module.css'
import { useBulk } from './useBulk'
import { useChosenProcesses } from './useChosenProcesses'

interface BulkMoveDrawerProps {
  object: ObjectDescription
  ids: string[]
  onClose: () => void
  /** The records that stayed where they were remain chosen. */
  onDone: (ids: string[]) => void
}

/** The Fields that a move into the state asks for, by any way. */
function askedFields(object: ObjectDescription, process: Process, state: string | null) {
  const target = process.states.find((one) => one.key === state)
  const ways = process.transitions.filter((one) => one.to === state)
  const keys = [...(target?.required ?? []), ...ways.flatMap((one) => one.required)]
  const fields = [...new Set(keys)].map((key) => fieldOf(object, key))
  return fields.filter((field) => field !== undefined).filter(isEnterable)
}

/** Moves many records into one state, each through its own gate. */
export function BulkMoveDrawer({ object, ids, onClose, onDone }: BulkMoveDrawerProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const formId = useId()
  const { ordered, common, pending } = useChosenProcesses(object, ids)
  const [processKey, setProcessKey] = useState<string | null>(null)
  const [state, setState] = useState<string | null>(null)
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [comment, setComment] = useState('')
  const [problem, setProblem] = useState<unknown>(null)
  const { outcome, busy, move } = useBulk(object)
  const process = object.processes.find((one) => one.key === processKey) ?? common
  const fields = process ? askedFields(object, process, state) : []

  const apply = async () => {
    if (!state) return
    setProblem(null)
    const entered = fields
      .filter((field) => values[field.key] !== undefined && values[field.key] !== null)
      .map((field) => [field.key, writable(values[field.key])])
    try {
      await move(ids, { to_state: state, fields: Object.fromEntries(entered), ...(comment && { comment }) })
    } catch (error) {
      setProblem(error)
    }
  }
  const close = () => {
    if (outcome) onDone(outcome.results.filter((one) => one.outcome.status === 'rejected').map(({ id }) => id))
    onClose()
  }
  return (
    <SideDrawer
      open
      title={t('stage.bulk.title', { count: ids.length, object: label(object.label) })}
      onClose={close}
      footer={
        <div className={styles.buttons}>
          {!outcome && <Button onClick={close}>{t('common.cancel')}</Button>}
          <Button
            type="primary"
            loading={busy}
            disabled={!outcome && !state}
            onClick={() => (outcome ? close() : void apply())}
          >
            {t(outcome ? 'common.close' : 'stage.bulk.apply')}
          </Button>
        </div>
      }
    >
      {outcome ? (
        <BulkResults object={object} {...outcome} />
      ) : (
        <Form layout="vertical" component="div">
          <p className={styles.lead}>{t('stage.bulk.lead')}</p>
          {object.processes.length > 1 && (
            <Form.Item label={t('stage.bulk.process')} htmlFor={`${formId}-process`}>
              <Select
                id={`${formId}-process`}
                showSearch={{ optionFilterProp: 'label' }}
                loading={pending}
                placeholder={t('stage.bulk.chooseProcess')}
                value={process?.key ?? null}
                options={ordered.map((one) => ({ value: one.key, label: label(one.label) }))}
                onChange={(key) => {
                  setProcessKey(key)
                  setState(null)
                }}
              />
            </Form.Item>
          )}
          <Form.Item label={t('stage.bulk.to')} htmlFor={`${formId}-state`}>
            <Select
              id={`${formId}-state`}
              value={state}
              disabled={!process}
              options={(process?.states ?? []).map((one) => ({
                value: one.key,
                label: <ChoiceTag label={label(one.label)} color={one.color} kind={one.kind} />,
              }))}
              onChange={setState}
            />
          </Form.Item>
          {fields.map((field) => (
            <Form.Item key={field.key} label={label(field.label)} htmlFor={`${formId}-${field.key}`}>
              <FieldInput
                id={`${formId}-${field.key}`}
                field={{ ...field, required: false }}
                object={object}
                value={values[field.key]}
                record={values}
                onChange={(value) => setValues((known) => ({ ...known, [field.key]: value }))}
              />
            </Form.Item>
          ))}
          <Form.Item
            label={t('stage.dialog.comment')}
            htmlFor={`${formId}-comment`}
            help={t('stage.dialog.commentHint')}
          >
            <Input.TextArea
              id={`${formId}-comment`}
              autoSize={{ minRows: 2, maxRows: 6 }}
              maxLength={10_000}
              value={comment}
              onChange={(event) => setComment(event.target.value)}
            />
          </Form.Item>
          {problem !== null && <ProblemNote error={problem} />}
        </Form>
      )}
    </SideDrawer>
  )
}
