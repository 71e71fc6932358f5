import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronRight } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, RecordData } from '@/api/types'
import { isBlank, Value } from '@/controls/Value'
import { formatNumber } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import { Bone } from '@/ui/Bones'
import type { Column } from './columns'
import type { Figures } from './figures'
import { Amounts } from './grid/Amounts'
import { GroupValue, useMoreWords } from './grid/GroupRows'
import type { Item } from './grid/items'
import styles from './list.module.css'
import type { Group } from './useGroups'

interface CardListProps {
  object: ObjectDescription
  columns: Column[]
  items: Item[]
  totals: Figures | undefined
  onOpen: (record: RecordData) => void
  onEnd: () => void
  onToggleGroup: (key: string) => void
  onMoreOfGroup: (group: Group) => void
}

/** How many values a card shows besides the name. */
const facts = 5

/** A list on a phone: one card for each record. */
export function CardList({
  object,
  columns,
  items,
  totals,
  onOpen,
  onEnd,
  onToggleGroup,
  onMoreOfGroup,
}: CardListProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 96,
    overscan: 6,
    getItemKey: (index) => items[index]?.key ?? index,
  })
  const drawn = rows.getVirtualItems()
  const lastDrawn = drawn.at(-1)?.index ?? 0
  useEffect(() => {
    if (items.length > 0 && lastDrawn >= items.length - 12) onEnd()
  }, [lastDrawn, items.length, onEnd])
  const sums = totals && columns.filter((column) => totals.sums[column.path])
  return (
    <>
      <div ref={scroller} className={styles.cards} tabIndex={-1}>
        <ul style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {drawn.map((line) => {
            const item = items[line.index]
            if (!item) return null
            return (
              <li
                key={item.key}
                ref={rows.measureElement}
                data-index={line.index}
                className={styles.cardPlace}
                style={{ transform: `translateY(${line.start}px)` }}
              >
                {item.kind === 'record' && (
                  <Card object={object} columns={columns} record={item.record} onOpen={onOpen} />
                )}
                {item.kind === 'bones' && (
                  <div className={styles.card}>
                    <Bone width="70%" />
                  </div>
                )}
                {item.kind === 'group' && (
                  <button
                    type="button"
                    className={styles.cardGroup}
                    aria-expanded={item.group.open}
                    onClick={() => onToggleGroup(item.key)}
                  >
                    <ChevronRight
                      size={15}
                      aria-hidden
                      className={styles.turn}
                      data-open={item.group.open || undefined}
                    />
                    <GroupValue object={object} group={item.group} />
                    <span className={styles.quiet}>{formatNumber(item.group.count, language)}</span>
                    {columns
                      .filter((column) => item.group.sums[column.path])
                      .slice(0, 1)
                      .map((column) => (
                        <span key={column.path} className={styles.groupSum}>
                          <Amounts column={column} sums={item.group.sums[column.path]} />
                        </span>
                      ))}
                  </button>
                )}
                {item.kind === 'more' && <More group={item.group} onMore={onMoreOfGroup} />}
              </li>
            )
          })}
        </ul>
      </div>
      {totals && (
        <div className={styles.cardTotals}>
          <strong>{t('list.count', { count: totals.count, number: formatNumber(totals.count, language) })}</strong>
          {sums?.slice(0, 1).map((column) => (
            <Amounts key={column.path} column={column} sums={totals.sums[column.path]} />
          ))}
        </div>
      )}
    </>
  )
}

function More({ group, onMore }: { group: Group; onMore: (group: Group) => void }) {
  const words = useMoreWords(group)
  return (
    <button type="button" className={styles.cardMore} onClick={() => onMore(group)}>
      {words}
    </button>
  )
}

interface CardProps {
  object: ObjectDescription
  columns: Column[]
  record: RecordData
  onOpen: (record: RecordData) => void
}

function Card({ object, columns, record, onOpen }: CardProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const shown = columns
    .filter((column) => column.path !== object.name_field && !isBlank(record[column.path]))
    .slice(0, facts)
  return (
    <article className={styles.card}>
      <button type="button" className={styles.cardName} onClick={() => onOpen(record)}>
        {String(record[object.name_field] ?? '') || t('common.unnamed')}
      </button>
      <dl className={styles.facts}>
        {shown.map((column) => (
          <div key={column.path} className={styles.fact}>
            <dt className="visually-hidden">{label(column.source.field.label)}</dt>
            <dd>
              <Value
                value={record[column.path]}
                field={column.source.field}
                record={record}
                object={column.source.owner}
              />
            </dd>
          </div>
        ))}
      </dl>
    </article>
  )
}
