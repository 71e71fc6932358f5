import { useDraggable } from '@dnd-kit/core'
import { Dropdown } from 'antd'
import { CalendarDays, Clock, Ellipsis, ListTodo, TriangleAlert } from 'lucide-react'
import { type KeyboardEvent, memo } from 'react'
import { useTranslation } from 'react-i18next'
import type { CardStanding, Field, ObjectDescription, Process, RecordData, State } from '@/api/types'
import { Avatar } from '@/controls/Avatar'
import { isBlank, Value } from '@/controls/Value'
import { fieldOf } from '@/kernel/describe'
import { formatDays } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import { ChoiceTag } from '@/ui/ChoiceTag'
import styles from './board.module.css'

interface CardProps {
  object: ObjectDescription
  process: Process
  record: RecordData
  standing: CardStanding | undefined
  /** Whether the actor may move cards at all. */
  movable: boolean
  onOpen: (record: RecordData) => void
  onMove: (record: RecordData, target: State) => void
}

interface Facts {
  lead: Field | undefined
  money: Field | undefined
  person: Field | undefined
  rest: Field[]
}

/** Sorts the Fields of a card by the place they take: who it is for, how much, whose, and the rest. */
export function factsOf(object: ObjectDescription, process: Process): Facts {
  const fields = (object.layouts.board?.card ?? [])
    .filter((key) => key !== object.name_field && key !== process.field)
    .map((key) => fieldOf(object, key))
    .filter((field): field is Field => field !== undefined)
  const lead = fields.find((field) => field.type === 'link')
  const money = fields.find((field) => field.type === 'money')
  const person = fields.find((field) => field.type === 'person')
  return { lead, money, person, rest: fields.filter((field) => ![lead, money, person].includes(field)) }
}

/** What a card shows; also drawn under the pointer while it is dragged. */
export function CardFace({
  object,
  process,
  record,
  standing,
}: {
  object: ObjectDescription
  process: Process
  record: RecordData
  standing: CardStanding | undefined
}) {
  const label = useLabel()
  const { lead, money, person, rest } = factsOf(object, process)
  const owner = person ? (record[person.key] as { label: string } | null) : null
  const filled = rest.filter((field) => !isBlank(record[field.key]))
  return (
    <>
      <span className={styles.name}>{String(record[object.name_field] ?? '')}</span>
      {lead && !isBlank(record[lead.key]) && (
        <span className={styles.lead}>{(record[lead.key] as { label: string }).label}</span>
      )}
      {filled.length > 0 && (
        <span className={styles.rest}>
          {filled.map((field) => (
            <span key={field.key} className={styles.fact} title={label(field.label)}>
              <span className="visually-hidden">{label(field.label)}</span>
              {field.kind === 'date' && <CalendarDays size={12} aria-hidden />}
              {field.kind === 'instant' && <Clock size={12} aria-hidden />}
              <Value value={record[field.key]} field={field} record={record} object={object} />
            </span>
          ))}
        </span>
      )}
      <span className={styles.foot}>
        {money && (
          <span className={styles.money}>{<Value value={record[money.key]} field={money} record={record} />}</span>
        )}
        {/* Comes after the cards: within a line that is there already, so that no card moves under the pointer. */}
        {standing && <Owed standing={standing} />}
        {owner && (
          <span className={styles.owner} title={owner.label}>
            <Avatar name={owner.label} />
            <span>{owner.label}</span>
          </span>
        )}
      </span>
    </>
  )
}

/** That a card stays too long, and what it still owes its stage; nothing where all is well. */
function Owed({ standing }: { standing: CardStanding }) {
  const { t } = useTranslation()
  const language = useLanguage()
  if (standing.due !== 'over' && standing.musts === 0) return null
  const days = formatDays(standing.days, language)
  const over = t('stage.card.over', { days })
  const musts = t('stage.card.musts', { count: standing.musts })
  return (
    <span className={styles.owed}>
      {standing.due === 'over' && (
        <span className={styles.late} title={over}>
          <TriangleAlert size={12} aria-hidden />
          <span aria-hidden>{days}</span>
          <span className="visually-hidden">{over}</span>
        </span>
      )}
      {standing.musts > 0 && (
        <span className={styles.fact} title={musts}>
          <ListTodo size={12} aria-hidden />
          <span aria-hidden>{standing.musts}</span>
          <span className="visually-hidden">{musts}</span>
        </span>
      )}
    </span>
  )
}

/** One card: opens on click or Enter, is picked up by dragging or Space, and offers every stage in its menu. */
export const BoardCard = memo(function BoardCard({
  object,
  process,
  record,
  standing,
  movable,
  onOpen,
  onMove,
}: CardProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { setNodeRef, attributes, listeners, isDragging } = useDraggable({
    id: record.id,
    data: { record },
    disabled: !movable,
    attributes: { roleDescription: t('board.drag.help') },
  })
  const name = String(record[object.name_field] ?? '')
  const open = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && event.target === event.currentTarget) {
      event.preventDefault()
      onOpen(record)
      return
    }
    listeners?.onKeyDown?.(event)
  }
  const others = process.states.filter((state) => state.key !== record[process.field])
  const menu = {
    items: [
      {
        key: 'move',
        type: 'group' as const,
        label: t('board.moveTo'),
        children: others.map((state) => ({
          key: state.key,
          label: <ChoiceTag label={label(state.label)} color={state.color} kind={state.kind} />,
          onClick: () => onMove(record, state),
        })),
      },
    ],
  }
  return (
    <article className={styles.card} data-dragging={isDragging || undefined} data-card={record.id}>
      {/* biome-ignore lint/a11y/useSemanticElements: a button may not hold the value displays, some of which are links */}
      <div
        ref={setNodeRef}
        className={styles.face}
        {...attributes}
        {...listeners}
        role="button"
        tabIndex={0}
        aria-label={t('board.openCard', { name })}
        onClick={() => onOpen(record)}
        onKeyDown={open}
      >
        <CardFace object={object} process={process} record={record} standing={standing} />
      </div>
      {movable && (
        <Dropdown menu={menu} trigger={['click']} placement="bottomRight">
          <button type="button" className={styles.menu} aria-label={t('board.moveCard', { name })}>
            <Ellipsis size={16} aria-hidden />
          </button>
        </Dropdown>
      )}
    </article>
  )
})
