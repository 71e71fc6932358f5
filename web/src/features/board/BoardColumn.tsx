import { useDroppable } from '@dnd-kit/core'
import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual'
import { Tooltip } from 'antd'
import { useCallback, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { BoardState, ObjectDescription, OfferedTransition, Process, RecordData, State } from '@/api/types'
import { formatDays, formatMoney, formatNumber } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { useLocale } from '@/kernel/session'
import { Bone } from '@/ui/Bones'
import { ChoiceTag } from '@/ui/ChoiceTag'
import { BoardCard } from './BoardCard'
import styles from './board.module.css'
import { type BoardQuestion, useMoreCards } from './useBoard'
import { type CardStandings, useCardStandings } from './useCardStandings'

interface ColumnProps {
  object: ObjectDescription
  process: Process
  state: State
  content: BoardState
  question: BoardQuestion
  select: string[]
  movable: boolean
  /** The card being dragged stays drawn even when it is scrolled out of sight. */
  dragged: RecordData | null
  /** What the card being dragged may do here; null where it may not come, undefined while that is not known. */
  offer: OfferedTransition | null | undefined
  /** Of the first cards of every column. */
  standings: CardStandings
  onOpen: (record: RecordData) => void
  onMove: (record: RecordData, target: State) => void
}

const cardHeight = 116
const gap = 8

/** The sums of a column, one for each currency: short, exact on hover. */
function Sums({ content, process }: { content: BoardState; process: Process }) {
  const { language } = useLocale()
  const sums = process.sum_field ? (content.sums[process.sum_field] ?? {}) : {}
  const shown = Object.entries(sums).filter(([, sum]) => sum !== 0)
  return shown.map(([currency, sum]) => (
    <Tooltip key={currency} title={formatMoney(sum, currency, language, true)}>
      <span className={styles.sum}>{formatMoney(sum, currency, language)}</span>
    </Tooltip>
  ))
}

/** How long a card should stay; while one is dragged, what it would still need here. */
function Limit({ state, offer, closed }: Pick<ColumnProps, 'state' | 'offer'> & { closed: boolean }) {
  const { t } = useTranslation()
  const { language } = useLocale()
  const missing = offer?.gate.unmet.length ?? 0
  const days = state.target_days ?? state.maximum_days
  const said = closed
    ? t('stage.column.closed')
    : missing > 0
      ? t('stage.column.blocked', { count: missing })
      : days !== null && state.kind === 'open' && t('stage.column.target', { days: formatDays(days, language) })
  return said ? <span className={styles.limit}>{said}</span> : null
}

/** One stage: its count, its sums, and its cards, of which only those in sight are drawn. */
export function BoardColumn(props: ColumnProps) {
  const { object, process, state, content, question, select, movable, dragged, offer, standings, onOpen, onMove } =
    props
  const { t } = useTranslation()
  const label = useLabel()
  const { language } = useLocale()
  const scroller = useRef<HTMLDivElement>(null)
  const { setNodeRef, isOver } = useDroppable({ id: state.key, data: { state } })
  const { cards, hasMore, fetchMore, fetching } = useMoreCards(object, process, content, question, select)

  const later = cards.filter((card) => !standings[card.id])
  const known = {
    ...standings,
    ...useCardStandings(object, later, later.length > 0 && !question.as_of && cards.length > content.records.length),
  }

  const draggedIndex = dragged ? cards.findIndex((card) => card.id === dragged.id) : -1
  const rangeExtractor = useCallback(
    (range: Range) => {
      const visible = defaultRangeExtractor(range)
      return draggedIndex < 0 || visible.includes(draggedIndex)
        ? visible
        : [...visible, draggedIndex].sort((a, b) => a - b)
    },
    [draggedIndex],
  )
  const virtualizer = useVirtualizer({
    count: cards.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => cardHeight,
    getItemKey: (index) => cards[index]?.id ?? index,
    gap,
    overscan: 4,
    rangeExtractor,
  })
  const items = virtualizer.getVirtualItems()
  const last = items.at(-1)?.index ?? -1
  useEffect(() => {
    if (hasMore && cards.length > 0 && last >= cards.length - 8) fetchMore()
  })

  const text = label(state.label)
  const closed = offer === null && dragged?.[process.field] !== state.key
  const empty = question.q || question.where ? t('board.emptyFiltered') : t('board.emptyColumn')
  return (
    <section
      ref={setNodeRef}
      className={styles.column}
      data-over={isOver || undefined}
      data-closed={closed || undefined}
      data-state={state.key}
      aria-label={t('board.column', { state: text, count: content.count })}
    >
      <header className={styles.columnHead}>
        <Tooltip title={label(state.guidance.why ?? state.guidance.how ?? null)} placement="bottomLeft">
          <span>
            <ChoiceTag label={text} color={state.color} kind={state.kind} />
          </span>
        </Tooltip>
        <span className={styles.count} data-testid="count">
          {formatNumber(content.count, language)}
        </span>
        <span className={styles.sums} data-testid="sums">
          <Sums content={content} process={process} />
        </span>
        <Limit state={state} offer={offer} closed={closed} />
      </header>
      <div ref={scroller} className={styles.cards} data-testid="cards">
        {cards.length === 0 && <p className={styles.emptyColumn}>{empty}</p>}
        <div className={styles.track} style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const record = cards[item.index]
            if (!record) return null
            return (
              <div
                key={item.key}
                ref={virtualizer.measureElement}
                data-index={item.index}
                className={styles.place}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <BoardCard
                  object={object}
                  process={process}
                  record={record}
                  standing={known[record.id]}
                  movable={movable}
                  onOpen={onOpen}
                  onMove={onMove}
                />
              </div>
            )
          })}
        </div>
        {fetching && <Bone width="60%" />}
      </div>
    </section>
  )
}
