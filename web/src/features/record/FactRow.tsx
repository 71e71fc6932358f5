import { Button } from 'antd'
import { Pencil } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { Field, ObjectDescription, RecordData } from '@/api/types'
import { Reveal } from '@/controls/access/Reveal'
import { ConflictPanel } from '@/controls/conflict/ConflictPanel'
import { FieldInput, isEnterable } from '@/controls/FieldInput'
import { Value } from '@/controls/Value'
import { useLabel } from '@/kernel/language'
import { useBase, useUpdateRecord, writable } from '@/kernel/records'
import styles from './record.module.css'
import { useFieldAsked } from './stage/fieldAsked'

interface FactRowProps {
  object: ObjectDescription
  record: RecordData
  field: Field
  editable: boolean
}

/** One Field of a record: read it, or change it where it stands. */
export function FactRow({ object, record, field, editable }: FactRowProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const [editing, setEditing] = useState(false)
  const enterable = editable && isEnterable(field)
  const name = label(field.label)
  const row = useRef<HTMLDivElement>(null)
  const asked = useFieldAsked()?.asked
  const wanted = enterable && asked?.key === field.key ? asked.time : null
  useEffect(() => {
    if (wanted === null) return
    row.current?.closest('details')?.setAttribute('open', '')
    row.current?.scrollIntoView({ block: 'center' })
    setEditing(true)
  }, [wanted])
  return (
    <div ref={row} className={styles.fact} data-field={field.key}>
      <dt className={styles.factLabel} title={label(field.help) || undefined}>
        {name}
      </dt>
      <dd className={styles.factValue}>
        {editing ? (
          <FactEditor object={object} record={record} field={field} onClose={() => setEditing(false)} />
        ) : (
          <>
            <span className={styles.factText}>
              <Value full field={field} object={object} record={record} value={record[field.key]} />
            </span>
            {field.masked && Boolean(record[field.key]) && (
              <Reveal object={object.key} record={record.id} field={field} className={styles.add} />
            )}
            {enterable && (
              <button
                type="button"
                className={styles.pencil}
                aria-label={t('record.editField', { field: name })}
                onClick={() => setEditing(true)}
              >
                <Pencil size={14} aria-hidden />
              </button>
            )}
          </>
        )}
      </dd>
    </div>
  )
}

interface FactEditorProps {
  object: ObjectDescription
  record: RecordData
  field: Field
  onClose: () => void
}

function FactEditor({ object, record, field, onClose }: FactEditorProps) {
  const { t } = useTranslation()
  const id = useId()
  const [value, setValue] = useState<unknown>(record[field.key] ?? null)
  // What is saved is what the input holds by then, not what was drawn last.
  const latest = useRef(value)
  const change = (next: unknown) => {
    latest.current = next
    setValue(next)
  }
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const update = useUpdateRecord(object.key)
  const { version } = useBase(record, [field.key])
  const save = async (values: Record<string, unknown>, version: number) => {
    try {
      const body = Object.fromEntries(Object.entries(values).map(([key, one]) => [key, writable(one)]))
      await update.mutateAsync({ id: record.id, values: body, options: { version, door: 'inline' } })
      onClose()
    } catch (thrown) {
      setProblem(asProblem(thrown))
    }
  }
  const submit = () => void save({ [field.key]: latest.current }, version)
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      onClose()
    } else if (event.key === 'Enter' && field.type !== 'long_text' && !event.nativeEvent.isComposing) {
      event.preventDefault()
      // An input of dates takes what was typed only once it has handled the key itself.
      setTimeout(submit)
    }
  }
  if (problem?.status === 409) {
    return (
      <ConflictPanel
        object={object}
        problem={problem}
        mine={{ [field.key]: value }}
        busy={update.isPending}
        onResolve={(kept, version) => (Object.keys(kept).length > 0 ? void save(kept, version) : onClose())}
        onCancel={onClose}
      />
    )
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the input within
    <div className={styles.editor} onKeyDown={keys}>
      <FieldInput
        id={id}
        field={field}
        object={object}
        record={record}
        value={value}
        autoFocus
        invalid={problem !== null}
        describedBy={`${id}-problem`}
        onChange={change}
      />
      {problem && (
        <p id={`${id}-problem`} className={styles.factProblem} role="alert">
          {problem.errors.map((error) => error.message).join(' ') || problem.message}
        </p>
      )}
      <div className={styles.editorActions}>
        <Button size="small" type="primary" loading={update.isPending} onClick={submit}>
          {t('common.save')}
        </Button>
        <Button size="small" onClick={onClose}>
          {t('common.cancel')}
        </Button>
      </div>
    </div>
  )
}
