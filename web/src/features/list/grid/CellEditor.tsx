import { Modal, Popover } from 'antd'
import { type FocusEvent, type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiProblem } from '@/api/problem'
import type { ObjectDescription, RecordData, State } from '@/api/types'
import { ConflictPanel } from '@/controls/conflict/ConflictPanel'
import { FieldInput } from '@/controls/FieldInput'
import { may, processOf, stateOf } from '@/kernel/describe'
import { useBase, useObjectOn } from '@/kernel/records'
import { ProblemNote } from '@/ui/ProblemView'
import type { Column } from '../columns'
import { useSaveCell } from '../useSaveCell'
import styles from './grid.module.css'

interface CellEditorProps {
  object: ObjectDescription
  record: RecordData
  column: Column
  /** Moves the record where a Process governs the Field: the gate may ask for more than this one value. */
  move: (record: RecordData, target: State) => void
  done: (next?: 'right' | 'down') => void
}

/** Popups of an input live outside the cell but belong to it. */
const inPopup = (node: EventTarget | null): boolean =>
  node instanceof Element &&
  node.closest('.ant-select-dropdown, .ant-picker-dropdown, .ant-cascader-dropdown, .ant-popover, .ant-modal') !== null

/** Entering a value in its cell: Enter, Tab and leaving save it, Escape does not. What the server says shows here. */
export function CellEditor({ object, record, column, move, done }: CellEditorProps) {
  const { t } = useTranslation()
  const { field } = column.source
  const [value, setValue] = useState<unknown>(record[column.path])
  const latest = useRef(value)
  /** Once it is decided what becomes of the value, leaving the input decides nothing more. */
  const closing = useRef(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const save = useSaveCell(object)
  const base = useBase(record, [column.path])
  const tall = field.type === 'long_text'
  // The list knows what may be done with some of its records; what with this one is asked when it matters.
  const reached = useObjectOn(object, record.id)
  const closed = reached !== undefined && !may(reached, 'edit')

  const change = (next: unknown) => {
    latest.current = next
    setValue(next)
    setProblem(null)
  }
  const commit = async (next?: 'right' | 'down', from = base) => {
    if (closing.current) return
    if (closed) return done(next)
    const target = stateOf(object, field.key, latest.current)
    if (target && processOf(object, field.key)) {
      closing.current = true
      done(next)
      if (latest.current !== from[field.key]) move(from, target)
      return
    }
    closing.current = true
    const refusal = await save.run(from, field, latest.current, () => done(next))
    closing.current = false
    setProblem(refusal)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation()
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Escape') {
      closing.current = true
      done()
    } else if (event.key === 'Enter' && !(tall && !event.ctrlKey && !event.metaKey) && !popupIsOpen(event))
      void commit('down')
    else if (event.key === 'Tab') {
      event.preventDefault()
      void commit('right')
    }
  }
  const onBlur = (event: FocusEvent<HTMLDivElement>) => {
    if (event.currentTarget.contains(event.relatedTarget) || inPopup(event.relatedTarget) || problem) return
    void commit()
  }
  if (problem?.conflict) {
    return (
      <Modal open title={null} footer={null} closable={false} width={640} onCancel={() => done()} destroyOnHidden>
        <ConflictPanel
          object={object}
          problem={problem}
          mine={{ [field.key]: latest.current }}
          busy={save.busy}
          onCancel={() => done()}
          onResolve={(values, version) =>
            field.key in values ? void commit(undefined, { ...record, version }) : done()
          }
        />
      </Modal>
    )
  }
  return (
    <Popover
      open={problem !== null || closed}
      placement="bottomLeft"
      arrow={false}
      content={
        <div className={styles.cellProblem}>
          {problem ? <ProblemNote error={problem} /> : <span role="alert">{t('list.seeOnly')}</span>}
        </div>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only listens to the input within */}
      <div
        className={tall ? styles.editorTall : styles.editor}
        data-problem={problem || closed ? '' : undefined}
        // an open list of choices would take the first Escape for itself
        onKeyDownCapture={(event) => closed && event.key === 'Escape' && done()}
        onKeyDown={onKeyDown}
        onBlur={onBlur}
        onDoubleClick={(event) => event.stopPropagation()}
        title={tall ? t('list.saveLong') : undefined}
      >
        <FieldInput
          field={field}
          value={value}
          object={object}
          record={record}
          inline
          autoFocus
          invalid={problem !== null || closed}
          onChange={change}
          onDone={() => void commit()}
        />
      </div>
    </Popover>
  )
}

/** Enter in an open list chooses there; it does not yet save. */
const popupIsOpen = (event: KeyboardEvent): boolean =>
  (event.target as Element).getAttribute('aria-expanded') === 'true' ||
  (event.target as Element).closest('.ant-select-open') !== null
