import {
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import {
  arrayMove,
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable'
import { Button, Input, Popover } from 'antd'
import { Columns3Cog, GripVertical, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription } from '@/api/types'
import { FieldPathPicker } from '@/controls/FieldPathPicker'
import { useLabel } from '@/kernel/language'
import { usePathFields } from '@/kernel/paths'
import styles from './list.module.css'

interface ColumnsButtonProps {
  object: ObjectDescription
  value: string[]
  onChange: (paths: string[]) => void
}

/** Which columns a list has, and in what order. */
export function ColumnsButton(props: ColumnsButtonProps) {
  const { t } = useTranslation()
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      arrow={false}
      destroyOnHidden
      content={<ColumnsPanel {...props} />}
    >
      <Button type="text" icon={<Columns3Cog size={15} />} aria-label={t('list.columns')}>
        {t('list.columns')}
      </Button>
    </Popover>
  )
}

function ColumnsPanel({ object, value, onChange }: ColumnsButtonProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const [typed, setTyped] = useState('')
  const paths = usePathFields(object, value)
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 150, tolerance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const nameOf = (path: string) => paths.get(path)?.labels.map(label).join(' › ') ?? path
  const matches = (text: string) => text.toLowerCase().includes(typed.trim().toLowerCase())
  const offered = object.fields.filter((field) => !value.includes(field.key) && matches(label(field.label)))
  const move = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return
    const from = value.indexOf(String(active.id))
    const to = value.indexOf(String(over.id))
    if (from > 0 && to > 0) onChange(arrayMove(value, from, to))
  }
  return (
    <div className={styles.columns} role="dialog" aria-label={t('list.columns')}>
      <Input
        allowClear
        placeholder={t('list.findField')}
        aria-label={t('list.findField')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <div className={styles.columnLists}>
        {typed.trim() === '' && (
          <>
            <p className={styles.columnsHead}>{t('list.shown')}</p>
            <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={move}>
              <SortableContext items={value} strategy={verticalListSortingStrategy}>
                <ul>
                  {value.map((path) => (
                    <ShownColumn
                      key={path}
                      path={path}
                      name={nameOf(path)}
                      fixed={path === object.name_field}
                      onRemove={() => onChange(value.filter((one) => one !== path))}
                    />
                  ))}
                </ul>
              </SortableContext>
            </DndContext>
          </>
        )}
        {offered.length > 0 && <p className={styles.columnsHead}>{t('list.hidden')}</p>}
        <ul>
          {offered.map((field) => (
            <li key={field.key}>
              <button type="button" className={styles.offered} onClick={() => onChange([...value, field.key])}>
                <Plus size={14} aria-hidden />
                <span>{label(field.label)}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      <FieldPathPicker
        object={object}
        label={t('list.linkedField')}
        placeholder={t('list.linkedField')}
        value={null}
        onChange={(path) => !value.includes(path) && onChange([...value, path])}
      />
    </div>
  )
}

interface ShownColumnProps {
  path: string
  name: string
  fixed: boolean
  onRemove: () => void
}

function ShownColumn({ path, name, fixed, onRemove }: ShownColumnProps) {
  const { t } = useTranslation()
  const { setNodeRef, listeners, attributes, transform, transition, isDragging } = useSortable({
    id: path,
    disabled: fixed,
  })
  return (
    <li
      ref={setNodeRef}
      className={styles.shown}
      data-dragging={isDragging || undefined}
      style={{ transition, ...(transform && { transform: `translateY(${transform.y}px)` }) }}
    >
      {fixed ? (
        <span className={styles.grip} />
      ) : (
        <button
          type="button"
          className={styles.grip}
          {...attributes}
          {...listeners}
          aria-label={t('list.moveColumn', { name })}
        >
          <GripVertical size={14} aria-hidden />
        </button>
      )}
      <span className={styles.grow}>{name}</span>
      {!fixed && (
        <Button
          type="text"
          size="small"
          icon={<X size={14} />}
          aria-label={t('list.hideNamed', { name })}
          onClick={onRemove}
        />
      )}
    </li>
  )
}
