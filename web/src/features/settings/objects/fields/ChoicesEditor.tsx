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
import { Archive, ArchiveRestore, GripVertical, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { knownColor } from '@/ui/ChoiceTag'
import { choiceColorNames } from '@/ui/tokens'
import settings from '../../settings.module.css'
import styles from '../objects.module.css'
import { type DraftChoice, newChoice } from './draft'

interface ChoicesEditorProps {
  choices: DraftChoice[]
  onChange: (choices: DraftChoice[]) => void
}

/** The choices of a Field: names in both languages, colour, order. Choices in use are retired, never lost. */
export function ChoicesEditor({ choices, onChange }: ChoicesEditorProps) {
  const { t } = useTranslation()
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 150, tolerance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const lines = choices.map((choice) => choice.line)
  const move = ({ active, over }: DragEndEvent) => {
    if (!over || active.id === over.id) return
    onChange(arrayMove(choices, lines.indexOf(Number(active.id)), lines.indexOf(Number(over.id))))
  }
  const put = (line: number, next: DraftChoice | null) =>
    onChange(choices.flatMap((choice) => (choice.line === line ? (next ? [next] : []) : [choice])))
  const add = () =>
    onChange([...choices, newChoice(choiceColorNames[choices.length % choiceColorNames.length] ?? null)])
  return (
    <fieldset className={settings.pair}>
      <legend className={settings.label}>{t('settings.choices.title')}</legend>
      <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={move}>
        <SortableContext items={lines} strategy={verticalListSortingStrategy}>
          <div className={styles.choices}>
            {choices.map((choice) => (
              <ChoiceLine key={choice.line} choice={choice} onChange={(next) => put(choice.line, next)} onEnter={add} />
            ))}
          </div>
        </SortableContext>
      </DndContext>
      <Button type="text" size="small" icon={<Plus size={14} />} onClick={add}>
        {t('settings.choices.add')}
      </Button>
    </fieldset>
  )
}

interface ChoiceLineProps {
  choice: DraftChoice
  onChange: (choice: DraftChoice | null) => void
  onEnter: () => void
}

function ChoiceLine({ choice, onChange, onEnter }: ChoiceLineProps) {
  const { t } = useTranslation()
  const { setNodeRef, attributes, listeners, transform, transition, isDragging } = useSortable({ id: choice.line })
  const name = choice.label.zh || choice.label.en
  const isNew = choice.key === ''
  const text = (language: 'zh' | 'en') => (
    <Input
      size="small"
      aria-label={`${t('settings.choices.name')} (${t(`common.languages.${language}`)})`}
      placeholder={t(`common.languages.${language}`)}
      autoFocus={isNew && language === 'zh' && !name}
      value={choice.label[language]}
      onChange={(event) => onChange({ ...choice, label: { ...choice.label, [language]: event.target.value } })}
      onPressEnter={(event) => {
        event.preventDefault()
        onEnter()
      }}
    />
  )
  return (
    <div
      ref={setNodeRef}
      className={styles.choice}
      data-retired={choice.retired || undefined}
      data-dragging={isDragging || undefined}
      style={{ transition, ...(transform && { transform: `translateY(${transform.y}px)` }) }}
    >
      <button
        type="button"
        className={styles.grip}
        {...attributes}
        {...listeners}
        aria-label={t('settings.choices.move', { name })}
      >
        <GripVertical size={14} aria-hidden />
      </button>
      <ColorPicker value={choice.color} onChange={(color) => onChange({ ...choice, color })} />
      {text('zh')}
      {text('en')}
      {isNew ? (
        <Button
          type="text"
          size="small"
          icon={<X size={14} />}
          aria-label={t('common.remove')}
          onClick={() => onChange(null)}
        />
      ) : (
        <Button
          type="text"
          size="small"
          icon={choice.retired ? <ArchiveRestore size={14} /> : <Archive size={14} />}
          title={t(choice.retired ? 'settings.choices.restore' : 'settings.choices.retire')}
          aria-label={t(choice.retired ? 'settings.choices.restore' : 'settings.choices.retire')}
          onClick={() => onChange({ ...choice, retired: !choice.retired })}
        />
      )}
    </div>
  )
}

function ColorPicker({ value, onChange }: { value: string | null; onChange: (color: string) => void }) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const dot = (name: string) => <span className={styles.swatch} style={{ background: `var(--lr-choice-${name})` }} />
  const choose = (name: string) => {
    setOpen(false)
    onChange(name)
  }
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      arrow={false}
      placement="bottomLeft"
      content={
        <div className={styles.swatches}>
          {choiceColorNames.map((name) => (
            <button
              key={name}
              type="button"
              className={styles.swatchButton}
              aria-pressed={name === value}
              aria-label={t(`settings.colors.${name}`)}
              title={t(`settings.colors.${name}`)}
              onClick={() => choose(name)}
            >
              {dot(name)}
            </button>
          ))}
        </div>
      }
    >
      <button type="button" className={styles.swatchButton} aria-label={t('settings.choices.color')}>
        {dot(knownColor(value))}
      </button>
    </Popover>
  )
}
