import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { InGrid } from '@/controls/InGrid'
import { preloadInputs } from '@/controls/registry'
import { sizes } from '@/ui/tokens'
import { GridHead } from './GridHead'
import { BonesRow, GroupRow, MoreRow } from './GroupRows'
import styles from './grid.module.css'
import type { Item } from './items'
import { cellId, checkWidth, type GridProps } from './props'
import { RecordRow } from './RecordRow'
import { TotalsRow } from './TotalsRow'
import { type Cursor, useCursor } from './useCursor'

/** So many lines before the end the next ones are asked for. */
const ahead = 20

/** The inputs of what can be edited are loaded before anybody edits. */
function usePreload({ columns, editable }: GridProps): void {
  const types = columns
    .filter(editable)
    .map((column) => column.source.field.type)
    .join()
  useEffect(() => preloadInputs(types.split(',')), [types])
}

/** The table of a list: only the lines in sight are drawn; head, name and totals stay in place. */
export function Grid(props: GridProps) {
  const { object, columns, items, totals, selection, onEnd } = props
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => sizes.row,
    overscan: 12,
    getItemKey: (index) => items[index]?.key ?? index,
    scrollPaddingStart: sizes.row,
    scrollPaddingEnd: sizes.row,
  })
  const drawn = rows.getVirtualItems()
  const lastDrawn = drawn.at(-1)?.index ?? 0
  useEffect(() => {
    if (items.length > 0 && lastDrawn >= items.length - ahead) onEnd()
  }, [lastDrawn, items.length, onEnd])
  usePreload(props)
  const order = useCallback(() => items.flatMap((item) => (item.kind === 'record' ? [item.record.id] : [])), [items])
  const cursor = useCursor(props, box, order, rows.scrollToIndex)
  const { active, editing, activate, onKeyDown } = cursor
  const width = columns.reduce((sum, column) => sum + column.width, selection ? checkWidth : 0)
  return (
    <InGrid value>
      <div
        ref={box}
        className={styles.grid}
        role="grid"
        tabIndex={0}
        aria-label={t('list.grid')}
        aria-rowcount={items.length + 1}
        aria-colcount={columns.length + (selection ? 1 : 0)}
        aria-multiselectable={selection !== null}
        aria-activedescendant={active && !editing ? cellId(active.row, active.column) : undefined}
        onKeyDown={onKeyDown}
        onFocus={(event) => {
          if (event.target === event.currentTarget && !active && items.length > 0) activate({ row: 0, column: 0 })
        }}
      >
        <GridHead {...props} width={width} order={order} />
        <div role="rowgroup" className={styles.body} style={{ height: rows.getTotalSize(), width }}>
          {drawn.map((line) => {
            const item = items[line.index]
            return (
              item && (
                <Line
                  key={item.key}
                  grid={props}
                  cursor={cursor}
                  item={item}
                  row={line.index}
                  start={line.start}
                  order={order}
                />
              )
            )
          })}
        </div>
        <TotalsRow object={object} columns={columns} totals={totals} width={width} checks={selection !== null} />
      </div>
    </InGrid>
  )
}

interface LineProps {
  grid: GridProps
  cursor: Cursor
  item: Item
  row: number
  /** Distance from the top in CSS pixels. */
  start: number
  order: () => string[]
}

/** One line of the grid, whatever it is. */
function Line({ grid, cursor, item, row, start, order }: LineProps) {
  const style = { transform: `translateY(${start}px)` }
  const { object, columns, selection } = grid
  const checks = selection !== null
  const named = { style, id: cellId(row, 0), active: cursor.active?.row === row }
  switch (item.kind) {
    case 'bones':
      return <BonesRow columns={columns} style={style} checks={checks} />
    case 'more':
      return <MoreRow {...named} group={item.group} onMore={grid.onMoreOfGroup} />
    case 'group':
      return (
        <GroupRow
          {...named}
          object={object}
          group={item.group}
          columns={columns}
          checks={checks}
          onToggle={grid.onToggleGroup}
        />
      )
    case 'record':
      return <RecordRow grid={grid} cursor={cursor} record={item.record} row={row} style={style} order={order} />
  }
}
