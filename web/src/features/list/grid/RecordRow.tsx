import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordData } from '@/api/types'
import { Cell } from './Cell'
import styles from './grid.module.css'
import { cellId, checkWidth, type GridProps } from './props'
import type { Cursor } from './useCursor'

interface RecordRowProps {
  grid: GridProps
  cursor: Cursor
  record: RecordData
  row: number
  style: CSSProperties
  order: () => string[]
}

/** One record in the grid. */
export function RecordRow({ grid, cursor, record, row, style, order }: RecordRowProps) {
  const { t } = useTranslation()
  const { object, columns, selection, editable } = grid
  const { active, editing } = cursor
  const chosen = selection?.ids.has(record.id) ?? false
  return (
    <div
      role="row"
      className={styles.row}
      data-selected={chosen || undefined}
      aria-rowindex={row + 2}
      aria-selected={selection ? chosen : undefined}
      style={style}
    >
      {selection && (
        <div role="gridcell" className={styles.check}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={t('list.selectRow', { name: String(record[object.name_field] ?? '') })}
            checked={chosen}
            onChange={(event) => selection.toggle(record.id, (event.nativeEvent as MouseEvent).shiftKey, order())}
          />
        </div>
      )}
      {columns.map((column, index) => {
        const place = { row, column: index }
        const current = active?.row === row && active.column === index
        return (
          <Cell
            key={column.path}
            id={cellId(row, index)}
            object={object}
            record={record}
            column={column}
            first={index === 0}
            left={selection ? checkWidth : 0}
            active={current}
            editable={editable(column)}
            editor={current && editing ? grid.editor(record, column, (next) => cursor.finish(place, next)) : null}
            onActivate={() => cursor.activate(place)}
            onEdit={() => cursor.edit(place)}
            onOpen={grid.onOpen}
            onPeek={grid.onPeek}
          />
        )
      })}
    </div>
  )
}
