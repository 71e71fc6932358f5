import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkValue } from '@/api/types'
import { useMaybeObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { Avatar } from './Avatar'
import styles from './controls.module.css'
import { useRecordChoices } from './RecordPicker'
import { readLink } from './types/link'

interface RecordsPickerProps {
  object: string
  /** Links as read, bare ids, or the words `@me` and `@my_department`. */
  value: unknown[]
  onChange: (value: unknown[]) => void
  label: string
  single?: boolean
  /** Records only: the words that stand for whoever looks have no meaning here. */
  plain?: boolean
}

/** The word that stands for whoever looks, where the Object has one. */
const selfOf = (object: string): '@me' | '@my_department' | null =>
  object === 'person' ? '@me' : object === 'department' ? '@my_department' : null

/** Chooses records for a filter; "me" and "my department" stand for whoever looks at it. */
export function RecordsPicker({ object, value, onChange, label, single = false, plain = false }: RecordsPickerProps) {
  const { t } = useTranslation()
  const text = useLabel()
  const description = useMaybeObject(object)
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState(false)
  const { data: found, isFetching } = useRecordChoices(object, typed, open)
  const self = plain ? null : selfOf(object)
  const selfWord = self === '@me' ? t('conditions.me') : t('conditions.myDepartment')
  const linkOf = (one: unknown): LinkValue | null =>
    one === self && self ? { id: self, label: selfWord } : readLink(one)
  const chosen = value.map(linkOf).filter((one) => one !== null)
  const offered = self && !typed ? [{ id: self, label: selfWord }, ...found] : found
  const known = new Map([...chosen, ...offered].map((one) => [one.id, one]))
  const write = (ids: string[]) => onChange(ids.map((id) => (id === self ? id : (known.get(id) ?? id))))
  return (
    <Select<string[] | string>
      className={styles.fullWidth ?? ''}
      {...(!single && { mode: 'multiple' as const, maxTagCount: 'responsive' as const })}
      aria-label={label}
      open={open}
      onOpenChange={setOpen}
      showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }}
      allowClear
      loading={isFetching && open}
      placeholder={t('controls.pick', { object: text(description?.label) })}
      notFoundContent={isFetching ? t('common.loading') : t('controls.nothingFound')}
      popupMatchSelectWidth={false}
      value={single ? (chosen[0]?.id ?? []) : chosen.map((one) => one.id)}
      options={[...known.values()].map((one) => ({ value: one.id, label: one.label }))}
      optionRender={({ label: name, value: id }) => (
        <span className={styles.person}>
          {object === 'person' && id !== self && <Avatar name={String(name)} />}
          {name}
        </span>
      )}
      onChange={(next) => {
        setTyped('')
        write(Array.isArray(next) ? next : next ? [next] : [])
      }}
    />
  )
}
