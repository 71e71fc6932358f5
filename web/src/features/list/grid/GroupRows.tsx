import { ChevronRight } from 'lucide-react'
import type { CSSProperties } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, ObjectDescription } from '@/api/types'
import { isBlank, Value } from '@/controls/Value'
import { formatNumber } from '@/kernel/format'
import { useLanguage } from '@/kernel/language'
import { Bone } from '@/ui/Bones'
import type { Column } from '../columns'
import type { Group } from '../useGroups'
import { Amounts } from './Amounts'
import styles from './grid.module.css'
import { checkWidth } from './props'

interface GroupRowProps {
  object: ObjectDescription
  group: Group
  columns: Column[]
  checks: boolean
  style: CSSProperties
  id: string
  active: boolean
  onToggle: (key: string) => void
}

/** The Field a group key was made from: the part before the first colon. */
const fieldOfGroup = (object: ObjectDescription, group: Group): Field | undefined =>
  object.fields.find((field) => field.key === group.key.slice(0, group.key.indexOf(':')))

/** The value that a group has in common. */
export function GroupValue({ object, group }: { object: ObjectDescription; group: Group }) {
  const { t } = useTranslation()
  const language = useLanguage()
  const field = fieldOfGroup(object, group)
  if (!field || isBlank(group.value)) return <span className={styles.blankGroup}>{t('list.noValue')}</span>
  if (field.kind === 'date' || field.kind === 'instant') {
    const day = new Date(`${String(group.value).slice(0, 10)}T00:00:00Z`)
    const options: Intl.DateTimeFormatOptions = { year: 'numeric', month: 'long', timeZone: 'UTC' }
    return <>{new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en', options).format(day)}</>
  }
  return <Value value={group.value} field={field} object={object} />
}

/** The head of a group: its value, how many, and what they come to; a click opens and closes it. */
export function GroupRow({ object, group, columns, checks, style, id, active, onToggle }: GroupRowProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const [first, ...rest] = columns
  return (
    <div role="row" className={styles.groupRow} style={style}>
      <div
        id={id}
        role="gridcell"
        className={styles.groupFirst}
        data-active={active || undefined}
        style={{ width: (first?.width ?? 0) + (checks ? checkWidth : 0) }}
      >
        <button
          type="button"
          tabIndex={-1}
          className={styles.groupButton}
          onClick={() => onToggle(group.key)}
          aria-label={t('list.toggleGroup')}
          aria-expanded={group.open}
        >
          <ChevronRight size={15} aria-hidden data-open={group.open || undefined} className={styles.chevron} />
        </button>
        <GroupValue object={object} group={group} />
        <span className={styles.groupCount}>{formatNumber(group.count, language)}</span>
      </div>
      {rest.map((column) => (
        <div
          key={column.path}
          role="gridcell"
          className={styles.groupCell}
          data-align={column.align}
          style={{ width: column.width }}
        >
          <Amounts column={column} sums={group.sums[column.path]} />
        </div>
      ))}
    </div>
  )
}

interface MoreRowProps {
  group: Group
  style: CSSProperties
  id: string
  active: boolean
  onMore: (group: Group) => void
}

/** How much of a group is not shown, and what a click does about it. */
export function useMoreWords(group: Group): string {
  const { t } = useTranslation()
  const language = useLanguage()
  const rest = group.count - group.records.length
  const number = formatNumber(rest, language)
  if (group.more) return t('list.moreOfGroup', { count: rest, number })
  return t('list.restOfGroup', { count: rest, number, shown: formatNumber(group.records.length, language) })
}

/** The end of what was read of a group: a click reads more, or shows a very large group by itself. */
export function MoreRow({ group, style, id, active, onMore }: MoreRowProps) {
  const words = useMoreWords(group)
  return (
    <div role="row" className={styles.row} style={style}>
      <div id={id} role="gridcell" className={styles.more} data-active={active || undefined}>
        <button type="button" tabIndex={-1} className={styles.moreButton} onClick={() => onMore(group)}>
          {words}
        </button>
      </div>
    </div>
  )
}

/** A line on its way. */
export function BonesRow({ columns, style, checks }: { columns: Column[]; style: CSSProperties; checks: boolean }) {
  return (
    <div role="row" className={styles.row} style={style} aria-hidden>
      {checks && <div role="gridcell" className={styles.check} />}
      {columns.map((column, index) => (
        <div key={column.path} role="gridcell" className={styles.cell} style={{ width: column.width }}>
          <Bone width={`${45 + ((index * 17) % 35)}%`} height={10} />
        </div>
      ))}
    </div>
  )
}
