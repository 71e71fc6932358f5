import type { ReactNode } from 'react'
import type { ObjectDescription, RecordData, SortKey } from '@/api/types'
import type { Column } from '../columns'
import type { Figures } from '../figures'
import type { Group } from '../useGroups'
import type { Item } from './items'
import type { Selection } from './useSelection'

/** Width of the column with the check boxes, in CSS pixels. */
export const checkWidth = 40

export interface GridProps {
  object: ObjectDescription
  columns: Column[]
  items: Item[]
  sort: SortKey[]
  totals: Figures | undefined
  /** Null where nothing can be done with chosen records. */
  selection: Selection | null
  /** Draws the editor of a cell. */
  editor: (record: RecordData, column: Column, done: (next?: 'right' | 'down') => void) => ReactNode
  editable: (column: Column) => boolean
  onSort: (sort: SortKey[]) => void
  onGroup: (path: string) => void
  onColumns: (paths: string[]) => void
  onWidth: (path: string, width: number) => void
  onOpen: (record: RecordData) => void
  onPeek: (record: RecordData) => void
  onToggleGroup: (key: string) => void
  onMoreOfGroup: (group: Group) => void
  onUndo: () => void
  /** Called when the end comes into sight. */
  onEnd: () => void
}

/** The id by which the grid names a cell as the active one. */
export const cellId = (row: number, column: number): string => `cell-${row}-${column}`
