import { Badge, Button, Popover, Segmented, Select } from 'antd'
import { ArrowDownUp, Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, SortKey } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { usePhone } from '@/ui/usePhone'
import type { Column } from './columns'
import styles from './list.module.css'
import { mostSortKeys } from './sorting'

interface SortButtonProps {
  object: ObjectDescription
  columns: Column[]
  value: SortKey[]
  onChange: (sort: SortKey[]) => void
}

/** The order of the list, line by line. */
export function SortButton({ object, columns, value, onChange }: SortButtonProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const phone = usePhone()
  const own = object.fields
    .filter((field) => field.sortable)
    .map((field) => ({ value: field.key, label: label(field.label) }))
  const others = columns
    .filter((column) => !column.own && column.source.field.sortable)
    .map((column) => ({ value: column.path, label: column.source.labels.map(label).join(' › ') }))
  const options = [...own, ...others]
  const free = options.filter((option) => !value.some((one) => one.field === option.value))
  const change = (index: number, next: SortKey | null) =>
    onChange(value.flatMap((one, place) => (place === index ? (next ? [next] : []) : [one])))
  const panel = (
    <div className={styles.panel} role="dialog" aria-label={t('list.sort')}>
      {value.map((one, index) => (
        <div key={one.field} className={styles.sortLine}>
          <Select
            className={styles.grow ?? ''}
            aria-label={t('list.sortBy')}
            value={one.field}
            showSearch={{ optionFilterProp: 'label' }}
            options={options.filter((option) => option.value === one.field || free.includes(option))}
            onChange={(field) => change(index, { ...one, field })}
          />
          <Segmented
            aria-label={t('list.direction')}
            value={one.dir}
            options={[
              { value: 'asc', label: t('list.ascending') },
              { value: 'desc', label: t('list.descending') },
            ]}
            onChange={(dir) => change(index, { ...one, dir: dir as SortKey['dir'] })}
          />
          <Button
            type="text"
            size="small"
            icon={<X size={14} />}
            aria-label={t('common.remove')}
            onClick={() => change(index, null)}
          />
        </div>
      ))}
      {value.length === 0 && <p className={styles.quiet}>{t('list.unsorted')}</p>}
      {value.length < mostSortKeys && free[0] && (
        <Button
          type="text"
          size="small"
          icon={<Plus size={14} />}
          onClick={() => free[0] && onChange([...value, { field: free[0].value, dir: 'asc' }])}
        >
          {t('list.addSort')}
        </Button>
      )}
    </div>
  )
  return (
    <Popover trigger="click" placement="bottomLeft" arrow={false} content={panel} destroyOnHidden>
      <Badge count={value.length > 1 ? value.length : 0} size="small" color="var(--lr-brand)" offset={[-2, 4]}>
        <Button type="text" icon={<ArrowDownUp size={15} />} aria-label={t('list.sort')}>
          {phone ? null : t('list.sort')}
        </Button>
      </Badge>
    </Popover>
  )
}
