import { DndContext, type DragEndEvent, DragOverlay, type DragStartEvent } from '@dnd-kit/core'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, Process, RecordData, State } from '@/api/types'
import { useMove } from '@/controls/moving/useMove'
import { may } from '@/kernel/describe'
import { Bones } from '@/ui/Bones'
import { useOverlays } from '@/ui/overlays'
import { ProblemPanel } from '@/ui/ProblemView'
import { CardFace } from './BoardCard'
import { BoardColumn } from './BoardColumn'
import styles from './board.module.css'
import { underPointer, useBoardSensors, useDragWords } from './dragging'
import { type BoardQuestion, useBoard } from './useBoard'

interface BoardProps {
  object: ObjectDescription
  process: Process
  question: BoardQuestion
}

/** All stages side by side. A card moves at once and goes back by itself when the gate says no. */
export function Board({ object, process, question }: BoardProps) {
  const { t } = useTranslation()
  const overlays = useOverlays()
  const sensors = useBoardSensors()
  const announcements = useDragWords(object.name_field)
  const { data, error, isPending, refetch, select, showMoved } = useBoard(object, process, question)
  const { move, dialog } = useMove(object, 'board')
  const [dragged, setDragged] = useState<RecordData | null>(null)
  const movable = may(object, 'edit') && !question.as_of

  const moveTo = useCallback(
    async (record: RecordData, target: State) => {
      if (record[process.field] === target.key) return
      const putBack = showMoved(record, target.key)
      const moved = await move(record, target)
      if (moved) void refetch()
      else putBack()
    },
    [move, process.field, refetch, showMoved],
  )
  const open = useCallback((record: RecordData) => overlays.peek(object.key, record.id), [object.key, overlays])
  const start = ({ active }: DragStartEvent) => setDragged((active.data.current?.record as RecordData) ?? null)
  const end = ({ active, over }: DragEndEvent) => {
    setDragged(null)
    const record = active.data.current?.record as RecordData | undefined
    const state = over?.data.current?.state as State | undefined
    if (record && state) void moveTo(record, state)
  }

  if (isPending) return <Bones />
  if (error && !data) return <ProblemPanel error={error} onRetry={() => void refetch()} />
  const contents = new Map(data.states.map((state) => [state.key, state]))
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={underPointer}
      accessibility={{ announcements, screenReaderInstructions: { draggable: t('board.drag.help') } }}
      onDragStart={start}
      onDragEnd={end}
      onDragCancel={() => setDragged(null)}
    >
      <div className={styles.board} data-testid="board">
        {process.states.map((state) => (
          <BoardColumn
            key={`${process.key}:${state.key}`}
            object={object}
            process={process}
            state={state}
            content={contents.get(state.key) ?? { key: state.key, count: 0, sums: {}, records: [], next_cursor: null }}
            question={question}
            select={select}
            movable={movable}
            dragged={dragged}
            onOpen={open}
            onMove={moveTo}
          />
        ))}
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged && (
          <div className={styles.lifted}>
            <CardFace object={object} process={process} record={dragged} />
          </div>
        )}
      </DragOverlay>
      {dialog}
    </DndContext>
  )
}
