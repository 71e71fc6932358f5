import type { KeyboardEvent } from 'react'
import type { Item } from './items'

export interface Place {
  row: number
  column: number
}

interface GridKeys {
  items: Item[]
  columns: number
  active: Place | null
  editing: boolean
  move: (place: Place) => void
  enter: (place: Place) => void
  edit: (place: Place) => void
  select: (place: Place, range: boolean) => void
  peek: (place: Place) => void
  escape: () => void
  selectAll: () => void
  undo: () => void
}

const page = 20

/** Where a key leads, before the edges are minded; null for keys that lead nowhere. */
function target(key: string, jump: boolean, { row, column }: Place): Place | null {
  switch (key) {
    case 'ArrowDown':
      return { row: row + 1, column }
    case 'ArrowUp':
      return { row: row - 1, column }
    case 'ArrowRight':
      return { row, column: column + 1 }
    case 'ArrowLeft':
      return { row, column: column - 1 }
    case 'PageDown':
      return { row: row + page, column }
    case 'PageUp':
      return { row: row - page, column }
    case 'Home':
      return { row: jump ? 0 : row, column: 0 }
    case 'End':
      return { row: jump ? Number.MAX_SAFE_INTEGER : row, column: Number.MAX_SAFE_INTEGER }
    default:
      return null
  }
}

/** What a key does at a place; false for keys that do nothing. */
function act(key: string, shift: boolean, at: Place, keys: GridKeys): boolean {
  switch (key) {
    case 'Enter':
      keys.enter(at)
      return true
    case 'F2':
      keys.edit(at)
      return true
    case ' ':
      keys.select(at, shift)
      return true
    case 'p':
      keys.peek(at)
      return true
    case 'Escape':
      keys.escape()
      return true
    default:
      return false
  }
}

/** What a key does together with Ctrl or ⌘; false for keys that do nothing. */
function command(key: string, keys: GridKeys): boolean {
  if (key === 'a') keys.selectAll()
  else if (key === 'z') keys.undo()
  else return false
  return true
}

/**
 * The keys of a grid: arrows, Home and End, page keys; Enter opens or edits, F2 edits, Space selects, P peeks; with Ctrl
 * or ⌘ A selects all and Z takes the last action back.
 */
export function useGridKeys(keys: GridKeys): (event: KeyboardEvent) => void {
  const { items, columns, active, editing } = keys
  return (event) => {
    if (editing || !active || event.target !== event.currentTarget || event.altKey) return
    const jump = event.ctrlKey || event.metaKey
    const next = target(event.key, jump, active)
    if (next) {
      const row = Math.max(0, Math.min(items.length - 1, next.row))
      const column = Math.max(0, Math.min(columns - 1, next.column))
      event.preventDefault()
      keys.move({ row, column })
    } else if (jump ? command(event.key, keys) : act(event.key, event.shiftKey, active, keys)) event.preventDefault()
  }
}
