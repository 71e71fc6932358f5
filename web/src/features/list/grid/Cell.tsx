import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { PanelRight, Pencil } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, RecordData } from '@/api/types'
import { Value } from '@/controls/Value'
import { useLabel } from '@/kernel/language'
import type { Column } from '../columns'
import styles from './grid.module.css'

interface CellProps {
  id: string
  object: ObjectDescription
  record: RecordData
  column: Column
  /** The first column stays in place when the others scroll. */
  first: boolean
  left: number
  active: boolean
  editable: boolean
  editor: ReactNode
  onActivate: () => void
  onEdit: () => void
  onOpen: (record: RecordData) => void
  onPeek: (record: RecordData) => void
}

/** Types whose value is itself a link: a click opens it, so that editing needs a place of its own. */
const opens = new Set(['link', 'email', 'phone', 'url'])

/** The neighbours of a value behind a link stand under the path's own prefix. */
function neighbours(record: RecordData, path: string): RecordData {
  const prefix = path.slice(0, path.lastIndexOf('.') + 1)
  if (!prefix) return record
  const entries = Object.entries(record).filter(([key]) => key.startsWith(prefix))
  return { ...Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), value])), id: '', version: 0 }
}

function CellBase({
  id,
  object,
  record,
  column,
  first,
  left,
  active,
  editable,
  editor,
  onActivate,
  onEdit,
  onPeek,
}: CellProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { field, owner } = column.source
  const value = record[column.path]
  const isName = column.path === object.name_field
  const name = String(value ?? '') || t('common.unnamed')
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid takes the keyboard for all its cells
    <div
      id={id}
      role="gridcell"
      className={first ? styles.firstCell : styles.cell}
      data-align={column.align}
      data-active={active || undefined}
      data-editing={editor !== null || undefined}
      style={{ width: column.width, ...(first && { left }) }}
      onClick={onActivate}
      onDoubleClick={onEdit}
    >
      {editor ?? (
        <div className={styles.value}>
          {isName ? (
            <Link
              to="/o/$object/$id"
              params={{ object: object.key, id: record.id }}
              className={styles.name}
              tabIndex={-1}
              title={name}
            >
              {name}
            </Link>
          ) : (
            <Value value={value} field={field} record={neighbours(record, column.path)} object={owner} />
          )}
        </div>
      )}
      {editable && !editor && !isName && opens.has(field.type) && (
        <Button
          type="text"
          size="small"
          tabIndex={-1}
          className={styles.peek}
          icon={<Pencil size={13} />}
          aria-label={t('list.editCell', { name: label(field.label) })}
          onClick={(event) => {
            event.stopPropagation()
            onEdit()
          }}
        />
      )}
      {isName && !editor && (
        <Button
          type="text"
          size="small"
          tabIndex={-1}
          className={styles.peek}
          icon={<PanelRight size={14} />}
          aria-label={t('list.peek', { name })}
          onClick={(event) => {
            event.stopPropagation()
            onPeek(record)
          }}
        />
      )}
    </div>
  )
}

/** One value in the grid. Drawn again only when what it shows changes. */
export const Cell = memo(
  CellBase,
  (a, b) =>
    a.id === b.id &&
    a.record === b.record &&
    a.column === b.column &&
    a.active === b.active &&
    a.editable === b.editable &&
    a.editor === null &&
    b.editor === null &&
    a.first === b.first &&
    a.left === b.left &&
    a.object === b.object,
)
