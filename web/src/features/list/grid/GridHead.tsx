import { closestCenter, DndContext, type DragEndEvent, MouseSensor, useSensor, useSensors } from '@dnd-kit/core'
import { horizontalListSortingStrategy, SortableContext, useSortable } from '@dnd-kit/sortable'
import { Dropdown, type MenuProps } from 'antd'
import { ArrowDown, ArrowUp, ChevronDown, EyeOff, Layers } from 'lucide-react'
import { type KeyboardEvent, type MouseEvent, type PointerEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLabel } from '@/kernel/language'
import { type Column, narrowest, widest } from '../columns'
import { nextSort } from '../sorting'
import { isGroupable } from '../useGroups'
import styles from './grid.module.css'
import { checkWidth, type GridProps } from './props'

interface GridHeadProps
  extends Pick<
    GridProps,
    'object' | 'columns' | 'sort' | 'selection' | 'onSort' | 'onGroup' | 'onColumns' | 'onWidth'
  > {
  width: number
  order: () => string[]
}

/** The head of the table: sort by click, move by drag, widen at the edge. */
export function GridHead(props: GridHeadProps) {
  const { columns, selection, width, order, onColumns } = props
  const { t } = useTranslation()
  const sensors = useSensors(useSensor(MouseSensor, { activationConstraint: { distance: 6 } }))
  const move = ({ active, over }: DragEndEvent) => {
    const paths = columns.map((column) => column.path)
    const from = paths.indexOf(String(active.id))
    const to = over ? paths.indexOf(String(over.id)) : -1
    // The name stays first: it is what tells the lines apart.
    if (from < 1 || to < 1 || from === to) return
    paths.splice(to, 0, ...paths.splice(from, 1))
    onColumns(paths)
  }
  const all = order()
  const chosen = selection ? all.filter((id) => selection.ids.has(id)).length : 0
  return (
    <div role="rowgroup" className={styles.head} style={{ width }}>
      <div role="row" aria-rowindex={1} className={styles.headRow}>
        {selection && (
          <div role="columnheader" className={styles.headCheck} style={{ width: checkWidth }}>
            <input
              type="checkbox"
              aria-label={t('list.selectAll')}
              checked={all.length > 0 && chosen === all.length}
              ref={(box) => {
                if (box) box.indeterminate = chosen > 0 && chosen < all.length
              }}
              onChange={() => (chosen === all.length ? selection.clear() : selection.set(all))}
            />
          </div>
        )}
        <DndContext
          sensors={sensors}
          collisionDetection={closestCenter}
          onDragEnd={move}
          accessibility={{ container: document.body }}
        >
          <SortableContext items={columns.map((column) => column.path)} strategy={horizontalListSortingStrategy}>
            {columns.map((column, index) => (
              <HeadCell
                key={column.path}
                {...props}
                column={column}
                first={index === 0}
                left={selection ? checkWidth : 0}
              />
            ))}
          </SortableContext>
        </DndContext>
      </div>
    </div>
  )
}

interface HeadCellProps extends GridHeadProps {
  column: Column
  first: boolean
  left: number
}

function HeadCell({ object, columns, column, first, left, sort, onSort, onGroup, onColumns, onWidth }: HeadCellProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { field, labels } = column.source
  const place = sort.findIndex((one) => one.field === column.path)
  const key = sort[place]
  const { setNodeRef, listeners, transform, transition, isDragging } = useSortable({ id: column.path, disabled: first })
  const name = labels.map(label).join(' › ')
  const sortable = field.sortable
  const by = (event: MouseEvent | KeyboardEvent) => sortable && onSort(nextSort(sort, column.path, event.shiftKey))
  const menu: MenuProps['items'] = [
    ...(sortable
      ? [
          {
            key: 'asc',
            icon: <ArrowUp size={14} />,
            label: t('list.sortAscending'),
            onClick: () => onSort([{ field: column.path, dir: 'asc' }]),
          },
          {
            key: 'desc',
            icon: <ArrowDown size={14} />,
            label: t('list.sortDescending'),
            onClick: () => onSort([{ field: column.path, dir: 'desc' }]),
          },
        ]
      : []),
    ...(column.own && isGroupable(field)
      ? [
          {
            key: 'group',
            icon: <Layers size={14} />,
            label: t('list.groupByThis'),
            onClick: () => onGroup(column.path),
          },
        ]
      : []),
    ...(column.path === object.name_field
      ? []
      : [
          {
            key: 'hide',
            icon: <EyeOff size={14} />,
            label: t('list.hideColumn'),
            onClick: () => onColumns(columns.filter((one) => one !== column).map((one) => one.path)),
          },
        ]),
  ]
  return (
    <div
      ref={setNodeRef}
      role="columnheader"
      aria-sort={key ? (key.dir === 'asc' ? 'ascending' : 'descending') : undefined}
      className={first ? styles.firstHead : styles.headCell}
      data-align={column.align}
      data-dragging={isDragging || undefined}
      style={{
        width: column.width,
        transition,
        ...(transform && { transform: `translateX(${transform.x}px)` }),
        ...(first && { left }),
      }}
    >
      <button
        type="button"
        className={styles.headButton}
        title={name}
        onClick={by}
        data-quiet={!sortable || undefined}
        {...(first ? {} : listeners)}
      >
        <span className={styles.headText}>{name}</span>
        {key && (key.dir === 'asc' ? <ArrowUp size={13} aria-hidden /> : <ArrowDown size={13} aria-hidden />)}
        {key && sort.length > 1 && <span className={styles.sortPlace}>{place + 1}</span>}
      </button>
      {menu.length > 0 && (
        <Dropdown trigger={['click']} menu={{ items: menu }}>
          <button type="button" className={styles.headMenu} aria-label={t('list.columnMenu', { name })}>
            <ChevronDown size={13} aria-hidden />
          </button>
        </Dropdown>
      )}
      <Edge column={column} onWidth={onWidth} />
    </div>
  )
}

/** The right edge of a head: drag to widen, double click for the starting width. */
function Edge({ column, onWidth }: { column: Column; onWidth: (path: string, width: number) => void }) {
  const [start, setStart] = useState<{ x: number; width: number } | null>(null)
  const down = (event: PointerEvent<HTMLDivElement>) => {
    event.stopPropagation()
    event.currentTarget.setPointerCapture(event.pointerId)
    setStart({ x: event.clientX, width: column.width })
  }
  const move = (event: PointerEvent) => {
    if (!start) return
    onWidth(column.path, Math.round(Math.max(narrowest, Math.min(widest, start.width + event.clientX - start.x))))
  }
  return (
    <div
      className={styles.edge}
      data-active={start !== null || undefined}
      onPointerDown={down}
      onMouseDown={(event) => event.stopPropagation()}
      onPointerMove={move}
      onPointerUp={() => setStart(null)}
      aria-hidden
    />
  )
}
