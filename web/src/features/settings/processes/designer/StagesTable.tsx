import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  type UniqueIdentifier,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable'
import { CircleAlert, GripVertical } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { DefinedState } from '@/api/types'
import { fieldOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ChoiceTag } from '@/ui/ChoiceTag'
import settings from '../../settings.module.css'
import { useDesigner } from './context'
import styles from './designer.module.css'
import { moveState, transitionsOf } from './edits'
import { placeOf } from './places'
import { TransitionWay } from './transition/TransitionPanel'

/** The stages as lines that are dragged into order, and the transitions below. */
export function StagesTable() {
  const { t } = useTranslation()
  const { definition, change } = useDesigner()
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 150, tolerance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const announcements = useDragWords()
  const keys = definition.states.map((one) => one.key)
  const drop = ({ active, over }: DragEndEvent) => {
    if (over && active.id !== over.id) change(moveState(definition, String(active.id), keys.indexOf(String(over.id))))
  }
  return (
    <>
      <DndContext
        sensors={sensors}
        collisionDetection={closestCenter}
        accessibility={{ announcements, screenReaderInstructions: { draggable: t('design.drag.help') } }}
        onDragEnd={drop}
      >
        <SortableContext items={keys} strategy={verticalListSortingStrategy}>
          <div className={settings.scroll}>
            <table className={settings.table} aria-label={t('design.stages')}>
              <thead>
                <tr>
                  <th>{t('design.stage')}</th>
                  <th className={settings.wideOnly}>{t('design.probability')}</th>
                  <th className={settings.wideOnly}>{t('design.parts.time')}</th>
                  <th>{t('design.parts.required')}</th>
                  <th className={settings.wideOnly}>{t('design.parts.conditions')}</th>
                  <th className={settings.wideOnly}>{t('design.parts.actions')}</th>
                </tr>
              </thead>
              <tbody>
                {definition.states.map((state) => (
                  <StageLine key={state.key} state={state} />
                ))}
              </tbody>
            </table>
          </div>
        </SortableContext>
      </DndContext>
      <TransitionsTable />
    </>
  )
}

/** What is told while a stage is moved by keyboard. */
function useDragWords(): Announcements {
  const { t } = useTranslation()
  const label = useLabel()
  const { definition } = useDesigner()
  const name = (key: UniqueIdentifier) => label(definition.states.find((one) => one.key === key)?.label)
  const number = (key: UniqueIdentifier) => definition.states.findIndex((one) => one.key === key) + 1
  return {
    onDragStart: ({ active }) => t('design.drag.lifted', { name: name(active.id) }),
    onDragOver: ({ active, over }) =>
      over ? t('design.drag.over', { name: name(active.id), number: number(over.id) }) : undefined,
    onDragEnd: ({ active, over }) =>
      over ? t('design.drag.dropped', { name: name(active.id), number: number(over.id) }) : undefined,
    onDragCancel: ({ active }) => t('design.drag.cancelled', { name: name(active.id) }),
  }
}

function StageLine({ state }: { state: DefinedState }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { definition, object, problem, readOnly, place, open } = useDesigner()
  const { setNodeRef, attributes, listeners, transform, transition, isDragging } = useSortable({
    id: state.key,
    disabled: readOnly,
  })
  const name = label(state.label) || t('common.unnamed')
  const at = problem ? placeOf(definition, problem.at) : null
  const faulty = at?.kind === 'state' && at.key === state.key
  const required = (state.required ?? []).map((key) => label(fieldOf(object, key)?.label) || key)
  const days = [state.target_days, state.maximum_days].map((one) => one ?? '–')
  return (
    <tr
      ref={setNodeRef}
      data-state={state.key}
      data-pressable=""
      data-current={(place?.kind === 'state' && place.key === state.key) || undefined}
      data-dragging={isDragging || undefined}
      className={styles.line}
      style={{ transition, ...(transform && { transform: `translateY(${transform.y}px)` }) }}
      onClick={() => open({ kind: 'state', key: state.key, part: '' })}
    >
      <td>
        <span className={styles.lineName}>
          {!readOnly && (
            <button
              type="button"
              className={styles.grip}
              {...attributes}
              {...listeners}
              aria-label={t('design.moveStage', { name })}
              onClick={(event) => event.stopPropagation()}
            >
              <GripVertical size={14} aria-hidden />
            </button>
          )}
          <button
            type="button"
            className={settings.strong}
            onClick={() => open({ kind: 'state', key: state.key, part: '' })}
          >
            <ChoiceTag label={name} color={state.color} kind={state.kind} />
          </button>
          {faulty && <CircleAlert size={14} className={styles.fault ?? ''} aria-label={t('design.hasProblem')} />}
        </span>
      </td>
      <td className={settings.wideOnly}>{state.probability ?? 0}%</td>
      <td className={settings.wideOnly}>{days[0] === '–' && days[1] === '–' ? '–' : days.join(' / ')}</td>
      <td className={styles.cell} title={required.join('\n')}>
        {required.length > 2
          ? t('design.andMore', { names: required.slice(0, 2).join('、'), count: required.length - 2 })
          : required.join('、') || '–'}
      </td>
      <td className={settings.wideOnly}>{(state.entry?.length ?? 0) + (state.exit?.length ?? 0) || '–'}</td>
      <td className={settings.wideOnly}>{state.actions?.length || '–'}</td>
    </tr>
  )
}

function TransitionsTable() {
  const { t } = useTranslation()
  const label = useLabel()
  const { definition, open } = useDesigner()
  const moves = transitionsOf(definition)
  return (
    <section className={styles.section}>
      <h3 className={settings.sectionTitle}>{t('design.transitions')}</h3>
      {moves.length === 0 ? (
        <p className={settings.sectionLead}>{t('design.allAllowed')}</p>
      ) : (
        <ul className={styles.moves}>
          {moves.map((move) => (
            <li key={move.key} data-move={move.key}>
              <button
                type="button"
                className={styles.moveButton}
                aria-label={label(move.label)}
                onClick={() => open({ kind: 'transition', key: move.key, part: '' })}
              >
                <TransitionWay move={move} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
