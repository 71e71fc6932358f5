/** The active cell of a grid: where it is, whether it is being edited, and what the keys do there. */
import { type RefObject, useState } from 'react'
import type { RecordData } from '@/api/types'
import type { Column } from '../columns'
import { checkWidth, type GridProps } from './props'
import { type Place, useGridKeys } from './useGridKeys'

/** Brings a column into sight; the first one always is. */
function scrollColumn(box: HTMLDivElement | null, columns: Column[], index: number, offset: number): void {
  if (!box || index === 0) return
  const first = columns[0]?.width ?? 0
  const start = columns.slice(0, index).reduce((sum, column) => sum + column.width, offset)
  const end = start + (columns[index]?.width ?? 0)
  if (end > box.scrollLeft + box.clientWidth) box.scrollLeft = end - box.clientWidth
  else if (start < box.scrollLeft + offset + first) box.scrollLeft = start - offset - first
}

export interface Cursor {
  active: Place | null
  editing: boolean
  activate: (place: Place) => void
  /** Begins to edit a cell; false where it cannot be edited. */
  edit: (place: Place) => boolean
  /** Ends the editing and goes on. */
  finish: (place: Place, next?: 'right' | 'down') => void
  onKeyDown: ReturnType<typeof useGridKeys>
}

export function useCursor(
  props: GridProps,
  box: RefObject<HTMLDivElement | null>,
  order: () => string[],
  scrollToRow: (row: number) => void,
): Cursor {
  const { object, columns, items, selection, editable } = props
  const [active, setActive] = useState<Place | null>(null)
  const [editing, setEditing] = useState(false)
  const recordAt = (row: number): RecordData | null => {
    const item = items[row]
    return item?.kind === 'record' ? item.record : null
  }
  const withRecord = (place: Place, act: (record: RecordData) => void) => {
    const record = recordAt(place.row)
    if (record) act(record)
  }
  const edit = (place: Place) => {
    const column = columns[place.column]
    if (!column || !recordAt(place.row) || !editable(column)) return false
    setActive(place)
    setEditing(true)
    return true
  }
  const enter = (place: Place) => {
    const item = items[place.row]
    if (item?.kind === 'group') props.onToggleGroup(item.key)
    if (item?.kind === 'more') props.onMoreOfGroup(item.group)
    withRecord(place, (record) => {
      const isName = columns[place.column]?.path === object.name_field
      if (isName || !edit(place)) props.onOpen(record)
    })
  }
  const finish = (place: Place, next?: 'right' | 'down') => {
    setEditing(false)
    if (next === 'down') setActive({ ...place, row: Math.min(items.length - 1, place.row + 1) })
    if (next === 'right') setActive({ ...place, column: Math.min(columns.length - 1, place.column + 1) })
    box.current?.focus({ preventScroll: true })
  }
  const onKeyDown = useGridKeys({
    items,
    columns: columns.length,
    active,
    editing,
    move: (place) => {
      setActive(place)
      scrollToRow(place.row)
      scrollColumn(box.current, columns, place.column, selection ? checkWidth : 0)
    },
    enter,
    edit,
    select: (place, range) => withRecord(place, (record) => selection?.toggle(record.id, range, order())),
    peek: (place) => withRecord(place, props.onPeek),
    selectAll: () => selection?.set(order()),
    undo: props.onUndo,
    escape: () => (selection?.ids.size ? selection.clear() : setActive(null)),
  })
  const activate = (place: Place) => {
    setEditing(false)
    setActive(place)
  }
  return { active, editing, activate, edit, finish, onKeyDown }
}
