import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, RecordData, SortKey } from '@/api/types'
import { InGrid } from '@/controls/InGrid'
import { preloadInputs } from '@/controls/registry'
import { sizes } from '@/ui/tokens'
import type { Column } from '../columns'
import type { Figures } from '../figures'
import { Cell } from './Cell'
import { GridHead } from './GridHead'
import { BonesRow, GroupRow, MoreRow } from './GroupRows'
import styles from './grid.module.css'
import type { Item } from './items'
import { TotalsRow } from './TotalsRow'
import { type Place, useGridKeys } from './useGridKeys'
import type { Selection } from './useSelection'

export const checkWidth = 40

export interface GridProps {
  object: ObjectDescription
  columns: Column[]
  items: Item[]
  sort: SortKey[]
  totals: Figures | undefined
  selection: Selection | null
  /** Draws the editor of a cell; null where the cell cannot be edited. */
  editor: (record: RecordData, column: Column, done: (next?: 'right' | 'down') => void) => ReactNode
  editable: (column: Column) => boolean
  onSort: (sort: SortKey[]) => void
  onGroup: (path: string) => void
  onColumns: (paths: string[]) => void
  onWidth: (path: string, width: number) => void
  onOpen: (record: RecordData) => void
  onPeek: (record: RecordData) => void
  onToggleGroup: (key: string) => void
  onMoreOfGroup: (key: string) => void
  onUndo: () => void
  /** Called when the end comes into sight. */
  onEnd: () => void
}

/** The table of a list: only the lines in sight are drawn; head, name and totals stay in place. */
export function Grid(props: GridProps) {
  const { object, columns, items, sort, totals, selection, editor, editable, onOpen, onEnd } = props
  const { t } = useTranslation()
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<Place | null>(null)
  const [editing, setEditing] = useState(false)
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => sizes.row,
    overscan: 12,
    getItemKey: (index) => items[index]?.key ?? index,
    scrollPaddingStart: sizes.row,
    scrollPaddingEnd: sizes.row,
  })
  const types = columns
    .filter(editable)
    .map((column) => column.source.field.type)
    .join()
  useEffect(() => preloadInputs(types.split(',')), [types])
  const drawn = rows.getVirtualItems()
  const lastDrawn = drawn.at(-1)?.index ?? 0
  useEffect(() => {
    if (items.length > 0 && lastDrawn >= items.length - 20) onEnd()
  }, [lastDrawn, items.length, onEnd])

  const order = useCallback(() => items.flatMap((item) => (item.kind === 'record' ? [item.record.id] : [])), [items])
  const recordAt = (row: number): RecordData | null => {
    const item = items[row]
    return item?.kind === 'record' ? item.record : null
  }
  const startEditing = (place: Place) => {
    const column = columns[place.column]
    if (!column || !recordAt(place.row) || !editable(column)) return false
    setActive(place)
    setEditing(true)
    return true
  }
  const finish = (place: Place, next?: 'right' | 'down') => {
    setEditing(false)
    if (next === 'down') setActive({ ...place, row: Math.min(items.length - 1, place.row + 1) })
    if (next === 'right') setActive({ ...place, column: Math.min(columns.length - 1, place.column + 1) })
    scroller.current?.focus({ preventScroll: true })
  }
  const onKeyDown = useGridKeys({
    items,
    columns: columns.length,
    active,
    editing,
    move: (place) => {
      setActive(place)
      rows.scrollToIndex(place.row)
      scrollColumn(scroller.current, columns, place.column, selection ? checkWidth : 0)
    },
    enter: (place) => {
      const item = items[place.row]
      if (item?.kind === 'group') props.onToggleGroup(item.key)
      if (item?.kind === 'more') props.onMoreOfGroup(item.group.key)
      const record = recordAt(place.row)
      if (record && columns[place.column]?.path === object.name_field) onOpen(record)
      else if (record && !startEditing(place)) onOpen(record)
    },
    edit: startEditing,
    select: (place, range) => {
      const record = recordAt(place.row)
      if (record) selection?.toggle(record.id, range, order())
    },
    peek: (place) => {
      const record = recordAt(place.row)
      if (record) props.onPeek(record)
    },
    selectAll: () => selection?.set(order()),
    undo: props.onUndo,
    escape: () => (selection?.ids.size ? selection.clear() : setActive(null)),
  })
  const width = columns.reduce((sum, column) => sum + column.width, selection ? checkWidth : 0)
  const cellId = (place: Place) => `cell-${place.row}-${place.column}`

  return (
    <InGrid value>
      <div
        ref={scroller}
        className={styles.grid}
        role="grid"
        tabIndex={0}
        aria-label={t('list.grid')}
        aria-rowcount={items.length + 1}
        aria-colcount={columns.length + (selection ? 1 : 0)}
        aria-multiselectable={selection !== null}
        aria-activedescendant={active && !editing ? cellId(active) : undefined}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          if (event.target === event.currentTarget && !active && items.length > 0) setActive({ row: 0, column: 0 })
        }}
      >
        <GridHead {...props} sort={sort} width={width} order={order} />
        <div role="rowgroup" className={styles.body} style={{ height: rows.getTotalSize(), width }}>
          {drawn.map((line) => {
            const item = items[line.index]
            if (!item) return null
            const place = { transform: `translateY(${line.start}px)` }
            const isActive = active?.row === line.index
            if (item.kind === 'bones')
              return <BonesRow key={item.key} columns={columns} style={place} checks={selection !== null} />
            if (item.kind === 'more') {
              return (
                <MoreRow
                  key={item.key}
                  group={item.group}
                  style={place}
                  id={cellId({ row: line.index, column: 0 })}
                  active={isActive}
                  onMore={props.onMoreOfGroup}
                />
              )
            }
            if (item.kind === 'group') {
              return (
                <GroupRow
                  key={item.key}
                  object={object}
                  group={item.group}
                  columns={columns}
                  checks={selection !== null}
                  style={place}
                  id={cellId({ row: line.index, column: 0 })}
                  active={isActive}
                  onToggle={props.onToggleGroup}
                />
              )
            }
            const { record } = item
            const chosen = selection?.ids.has(record.id) ?? false
            return (
              <div
                key={item.key}
                role="row"
                className={styles.row}
                data-selected={chosen || undefined}
                aria-rowindex={line.index + 2}
                aria-selected={selection ? chosen : undefined}
                style={place}
              >
                {selection && (
                  <div role="gridcell" className={styles.check}>
                    <input
                      type="checkbox"
                      tabIndex={-1}
                      aria-label={t('list.selectRow', { name: String(record[object.name_field] ?? '') })}
                      checked={chosen}
                      onChange={(event) =>
                        selection.toggle(record.id, (event.nativeEvent as MouseEvent).shiftKey, order())
                      }
                    />
                  </div>
                )}
                {columns.map((column, index) => {
                  const here = { row: line.index, column: index }
                  const current = isActive && active?.column === index
                  return (
                    <Cell
                      key={column.path}
                      id={cellId(here)}
                      object={object}
                      record={record}
                      column={column}
                      first={index === 0}
                      left={selection ? checkWidth : 0}
                      active={current}
                      editable={editable(column)}
                      editor={current && editing ? editor(record, column, (next) => finish(here, next)) : null}
                      onActivate={() => {
                        setEditing(false)
                        setActive(here)
                      }}
                      onEdit={() => startEditing(here)}
                      onOpen={onOpen}
                      onPeek={props.onPeek}
                    />
                  )
                })}
              </div>
            )
          })}
        </div>
        <TotalsRow object={object} columns={columns} totals={totals} width={width} checks={selection !== null} />
      </div>
    </InGrid>
  )
}

/** Brings a column into sight; the first one always is. */
function scrollColumn(box: HTMLDivElement | null, columns: Column[], index: number, offset: number): void {
  if (!box || index === 0) return
  const first = columns[0]?.width ?? 0
  const start = columns.slice(0, index).reduce((sum, column) => sum + column.width, offset)
  const end = start + (columns[index]?.width ?? 0)
  if (end > box.scrollLeft + box.clientWidth) box.scrollLeft = end - box.clientWidth
  else if (start < box.scrollLeft + offset + first) box.scrollLeft = start - offset - first
}
