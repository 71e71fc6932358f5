import { Badge, Button, Popover } from 'antd'
import { ListFilter, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition, ObjectDescription } from '@/api/types'
import { countLeaves, isEmptyCondition, isLeaf, partsOf } from '@/kernel/conditions'
import { usePathFields } from '@/kernel/paths'
import { Bones } from '@/ui/Bones'
import { SideDrawer } from '@/ui/SideDrawer'
import { usePhone } from '@/ui/usePhone'
import styles from './conditions.module.css'
import { useLeafWords } from './useWords'

/** Comes with all the pickers, so only once somebody filters. */
const loadEditor = () => import('./ConditionEditor').then((module) => ({ default: module.ConditionEditor }))
const ConditionEditor = lazy(loadEditor)

interface FilterProps {
  object: ObjectDescription
  value: Condition | null
  onChange: (condition: Condition | null) => void
}

/** The button that opens the filter; how many lines it has is on it. */
export function FilterButton({ object, value, onChange }: FilterProps) {
  const { t } = useTranslation()
  const phone = usePhone()
  const [open, setOpen] = useState(false)
  const count = countLeaves(value)
  const button = (
    <Badge count={count} size="small" color="var(--lr-brand)" offset={[-2, 4]}>
      <Button
        type="text"
        icon={<ListFilter size={15} />}
        aria-expanded={open}
        onPointerEnter={() => void loadEditor()}
        aria-label={t('conditions.filter')}
        {...(phone && { onClick: () => setOpen(true) })}
      >
        {phone ? null : t('conditions.filter')}
      </Button>
    </Badge>
  )
  const panel = <FilterPanel object={object} value={value} onChange={onChange} onDone={() => setOpen(false)} />
  if (phone) {
    return (
      <>
        {button}
        <SideDrawer open={open} title={t('conditions.filter')} onClose={() => setOpen(false)}>
          {panel}
        </SideDrawer>
      </>
    )
  }
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      trigger="click"
      placement="bottomLeft"
      arrow={false}
      destroyOnHidden
      content={panel}
    >
      {button}
    </Popover>
  )
}

function FilterPanel({ object, value, onChange, onDone }: FilterProps & { onDone: () => void }) {
  const { t } = useTranslation()
  // The editor keeps its own draft; clearing starts a new one.
  const [round, setRound] = useState(0)
  return (
    <div className={styles.panel} role="dialog" aria-label={t('conditions.filter')}>
      <Suspense fallback={<Bones rows={2} />}>
        <ConditionEditor key={round} object={object} value={value} onChange={onChange} />
      </Suspense>
      <div className={styles.foot}>
        <Button
          type="text"
          size="small"
          disabled={isEmptyCondition(value)}
          onClick={() => {
            onChange(null)
            setRound(round + 1)
          }}
        >
          {t('conditions.clear')}
        </Button>
        <Button type="primary" size="small" onClick={onDone}>
          {t('conditions.done')}
        </Button>
      </div>
    </div>
  )
}

/** The active filter in words, each part removable. */
export function FilterChips({ object, value, onChange }: FilterProps) {
  const { t } = useTranslation()
  const say = useLeafWords()
  const parts = partsOf(value)
  const paths = usePathFields(
    object,
    parts.flatMap((part) => (isLeaf(part) ? [part.field] : [])),
  )
  if (!value || isEmptyCondition(value)) return null
  const whole = !('all' in value)
  const shown = whole ? [value] : value.all
  const without = (index: number) => {
    const rest = shown.filter((_, place) => place !== index)
    onChange(rest.length > 0 && !whole ? { all: rest } : null)
  }
  const words = (part: Condition) =>
    isLeaf(part) ? say(part, paths.get(part.field)) : t('conditions.severalLines', { count: countLeaves(part) })
  return (
    <ul className={styles.chips} aria-label={t('conditions.active')}>
      {shown.map((part, index) => (
        <li key={JSON.stringify(part)} className={styles.chip} title={words(part)}>
          <span className={styles.chipText}>
            <span>{words(part)}</span>
          </span>
          <button
            type="button"
            className={styles.chipRemove}
            aria-label={t('conditions.removeNamed', { words: words(part) })}
            onClick={() => without(index)}
          >
            <X size={13} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  )
}
