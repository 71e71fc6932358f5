import { DndContext, type DragEndEvent, DragOverlay, type DragStartEvent } from '@dnd-kit/core'
import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, OfferedTransition, Process, RecordData, State } from '@/api/types'
import { useMove } from '@/controls/moving/useMove'
import { transitionsQuery } from '@/controls/stage/useStanding'
import { may } from '@/kernel/describe'
import { Bones } from '@/ui/Bones'
import { useOverlays } from '@/ui/overlays'
import { ProblemPanel } from '@/ui/ProblemView'
import { CardFace } from './BoardCard'
import { BoardColumn } from './BoardColumn'
import styles from './board.module.css'
import { underPointer, useBoardSensors, useDragWords } from './dragging'
import { type BoardQuestion, useBoard } from './useBoard'
import { useCardStandings } from './useCardStandings'

interface BoardProps {
  object: ObjectDescription
  process: Process
  question: BoardQuestion
}

/** Which moves a card that is being dragged may make. */
interface Offers {
  record: string
  moves: Map<string, OfferedTransition>
}

/** All stages side by side. A card moves at once and goes back by itself when the gate says no. */
export function Board({ object, process, question }: BoardProps) {
  const { t } = useTranslation()
  const overlays = useOverlays()
  const sensors = useBoardSensors()
  const announcements = useDragWords(object.name_field)
  const { data, error, isPending, refetch, select, showMoved } = useBoard(object, process, question)
  const { move, dialog } = useMove(object, 'board')
  const client = useQueryClient()
  const [dragged, setDragged] = useState<RecordData | null>(null)
  const [offers, setOffers] = useState<Offers | null>(null)
  const movable = may(object, 'edit') && !question.as_of
  const firstCards = data?.states.flatMap((state) => state.records) ?? []
  const standings = useCardStandings(object, firstCards, !question.as_of)

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
  const start = ({ active }: DragStartEvent) => {
    const record = active.data.current?.record as RecordData | undefined
    setDragged(record ?? null)
    setOffers(null)
    if (!record) return
    client.fetchQuery({ ...transitionsQuery(object.key, record.id), staleTime: 0 }).then(
      (moves) => setOffers({ record: record.id, moves: new Map(moves.map((one) => [one.to, one])) }),
      // The server says no at the latest when the card is dropped.
      () => undefined,
    )
  }
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
            offer={dragged && offers?.record === dragged.id ? (offers.moves.get(state.key) ?? null) : undefined}
            standings={standings}
            onOpen={open}
            onMove={moveTo}
          />
        ))}
      </div>
      <DragOverlay dropAnimation={null}>
        {dragged && (
          <div className={styles.lifted}>
            <CardFace object={object} process={process} record={dragged} standing={standings[dragged.id]} />
          </div>
        )}
      </DragOverlay>
      {dialog}
    </DndContext>
  )
}
