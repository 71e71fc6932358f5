/** Dragging between stages: pointer, touch and keyboard, with every step said aloud. */
import {
  type Announcements,
  type CollisionDetection,
  closestCenter,
  type KeyboardCoordinateGetter,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import type { TFunction } from 'i18next'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordData, State } from '@/api/types'
import { useLabel } from '@/kernel/language'

/** Left and right go from stage to stage; the stages are in drawing order. */
const byColumn: KeyboardCoordinateGetter = (event, { context, currentCoordinates }) => {
  const step = event.code === 'ArrowRight' ? 1 : event.code === 'ArrowLeft' ? -1 : 0
  if (step === 0) return undefined
  event.preventDefault()
  const { collisionRect, droppableRects, droppableContainers, over, active } = context
  if (!active || !collisionRect) return undefined
  const columns = droppableContainers
    .getEnabled()
    .map(({ id }) => ({ id, rect: droppableRects.get(id) }))
    .filter((one): one is { id: string | number; rect: NonNullable<typeof one.rect> } => Boolean(one.rect))
    .sort((a, b) => a.rect.left - b.rect.left)
  const centre = collisionRect.left + collisionRect.width / 2
  const here = columns.findIndex(({ id, rect }) => (over ? id === over.id : centre < rect.left + rect.width))
  const next = columns[here + step]
  if (!next) return undefined
  return { x: next.rect.left + (next.rect.width - collisionRect.width) / 2, y: currentCoordinates.y }
}

/** The column under the pointer; for the keyboard, which has none, the nearest. */
export const underPointer: CollisionDetection = (args) =>
  args.pointerCoordinates ? pointerWithin(args) : closestCenter(args)

export function useBoardSensors() {
  return useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, {
      coordinateGetter: byColumn,
      keyboardCodes: { start: ['Space'], cancel: ['Escape'], end: ['Space', 'Enter'] },
    }),
  )
}

interface Named {
  data: { current?: { record?: RecordData; state?: State } | undefined }
}

function sayer(t: TFunction, label: ReturnType<typeof useLabel>, nameField: string) {
  const nameOf = (active: Named) => String(active.data.current?.record?.[nameField] ?? '')
  const stateOf = (over: Named | null) => label(over?.data.current?.state?.label)
  return { nameOf, stateOf, t }
}

/** What a screen reader hears while a card is moved. */
export function useDragWords(nameField: string): Announcements {
  const { t } = useTranslation()
  const label = useLabel()
  return useMemo(() => {
    const { nameOf, stateOf } = sayer(t as TFunction, label, nameField)
    // A card that is lifted is at once over its own stage; saying so would cut off that it was lifted.
    let justLifted = false
    return {
      onDragStart: ({ active }) => {
        justLifted = true
        return t('board.drag.lifted', { name: nameOf(active as Named) })
      },
      onDragOver: ({ active, over }) => {
        const first = justLifted
        justLifted = false
        if (first || !over) return undefined
        return t('board.drag.over', { name: nameOf(active as Named), state: stateOf(over as Named) })
      },
      onDragEnd: ({ active, over }) =>
        over
          ? t('board.drag.dropped', { name: nameOf(active as Named), state: stateOf(over as Named) })
          : t('board.drag.cancelled', { name: nameOf(active as Named) }),
      onDragCancel: ({ active }) => t('board.drag.cancelled', { name: nameOf(active as Named) }),
    }
  }, [t, label, nameField])
}
