import { Button, Select } from 'antd'
import { Eraser, X } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, ObjectDescription } from '@/api/types'
import { FieldInput, isEnterable } from '@/controls/FieldInput'
import { fieldOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { writable } from '@/kernel/records'
import { ProblemNote } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { BulkResults } from './BulkResults'
import styles from './bulk.module.css'
import { useBulk } from './useBulk'

interface BulkEditDrawerProps {
  object: ObjectDescription
  ids: string[]
  onClose: () => void
  /** Called with the records that were refused: they stay chosen. */
  onDone: (refused: string[]) => void
}

/** Sets chosen Fields of many records to the same values. */
export function BulkEditDrawer({ object, ids, onClose, onDone }: BulkEditDrawerProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const [keys, setKeys] = useState<string[]>([])
  const [values, setValues] = useState<Record<string, unknown>>({})
  const [problem, setProblem] = useState<unknown>(null)
  const { outcome, busy, start } = useBulk(object)
  const fields = keys.map((key) => fieldOf(object, key)).filter((field) => field !== undefined)
  const free = object.fields.filter((field) => isEnterable(field) && !field.unique && !keys.includes(field.key))

  const apply = async () => {
    setProblem(null)
    const changes = Object.fromEntries(keys.map((key) => [key, writable(values[key]) ?? null]))
    try {
      await start(ids, { update: ids.map((id) => ({ id, ...changes })) })
    } catch (error) {
      setProblem(error)
    }
  }
  // The selection changes only at the end: until then it says what these results are about.
  const close = () => {
    if (outcome) onDone(outcome.results.filter((one) => one.outcome.status === 'rejected').map(({ id }) => id))
    onClose()
  }
  return (
    <SideDrawer
      open
      title={t('list.bulk.editTitle', { count: ids.length, object: label(object.label) })}
      onClose={close}
      footer={
        outcome ? (
          <div className={styles.buttons}>
            <Button type="primary" onClick={close}>
              {t('common.close')}
            </Button>
          </div>
        ) : (
          <div className={styles.buttons}>
            <Button onClick={close}>{t('common.cancel')}</Button>
            <Button type="primary" disabled={fields.length === 0} loading={busy} onClick={() => void apply()}>
              {t('list.bulk.apply')}
            </Button>
          </div>
        )
      }
    >
      {outcome ? (
        <BulkResults object={object} {...outcome} />
      ) : (
        <div className={styles.fields}>
          {fields.length === 0 && <p className={styles.lead}>{t('list.bulk.lead')}</p>}
          {fields.map((field) => (
            <FieldLine
              key={field.key}
              object={object}
              field={field}
              value={values[field.key]}
              values={values}
              onChange={(value) => setValues((known) => ({ ...known, [field.key]: value }))}
              onRemove={() => setKeys(keys.filter((key) => key !== field.key))}
            />
          ))}
          {free.length > 0 && (
            <Select
              value={null}
              aria-label={t('list.bulk.addField')}
              placeholder={t('list.bulk.addField')}
              showSearch={{ optionFilterProp: 'label' }}
              options={free.map((field) => ({ value: field.key, label: label(field.label) }))}
              onChange={(key) => key && setKeys([...keys, key])}
            />
          )}
          {problem !== null && <ProblemNote error={problem} />}
        </div>
      )}
    </SideDrawer>
  )
}

interface FieldLineProps {
  object: ObjectDescription
  field: Field
  value: unknown
  values: Record<string, unknown>
  onChange: (value: unknown) => void
  onRemove: () => void
}

function FieldLine({ object, field, value, values, onChange, onRemove }: FieldLineProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const empty = value === null || value === undefined
  return (
    <div className={styles.field}>
      <div className={styles.fieldHead}>
        <label htmlFor={id}>{label(field.label)}</label>
        <Button
          type="text"
          size="small"
          icon={<X size={14} />}
          aria-label={t('list.bulk.leaveField', { name: label(field.label) })}
          onClick={onRemove}
        />
      </div>
      <FieldInput
        id={id}
        field={{ ...field, required: false }}
        object={object}
        value={value}
        record={values}
        onChange={onChange}
      />
      {empty && (
        <p className={styles.erase}>
          <Eraser size={13} aria-hidden /> {t('list.bulk.erases')}
        </p>
      )}
    </div>
  )
}
