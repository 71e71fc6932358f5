import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { LinkValue, RecordData } from '@/api/types'
import { useMaybeObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { recordsKey } from '@/kernel/records'
import { Avatar } from './Avatar'
import styles from './controls.module.css'

interface RecordPickerProps {
  object: string
  value: LinkValue | null
  onChange: (value: LinkValue | null) => void
  id?: string | undefined
  invalid?: boolean | undefined
  required?: boolean | undefined
  autoFocus?: boolean | undefined
  inline?: boolean | undefined
  placeholder?: string | undefined
}

const pageSize = 20

/** Records of an Object whose words, pinyin or initials match what was typed. */
export function useRecordChoices(
  object: string,
  typed: string,
  enabled: boolean,
): { data: LinkValue[]; isFetching: boolean } {
  const description = useMaybeObject(object)
  const nameField = description?.name_field
  const q = useDeferredValue(typed.trim())
  const { data = [], isFetching } = useQuery<LinkValue[]>({
    queryKey: [...recordsKey(object), 'choices', q],
    enabled: enabled && Boolean(nameField),
    placeholderData: (previous) => previous,
    queryFn: async ({ signal }) => {
      const name = nameField ?? 'name'
      const body = {
        select: [name],
        limit: pageSize,
        ...(q ? { q } : { sort: [{ field: name, dir: 'asc' as const }] }),
      }
      const { records } = await api.records.query(object, body, signal)
      return records.map((record: RecordData) => ({ id: record.id, label: String(record[name] ?? '') }))
    },
  })
  return { data, isFetching }
}

/** Chooses one record of an Object, searching on the server as one types. */
export function RecordPicker(props: RecordPickerProps) {
  const { object, value, onChange, id, invalid, required, autoFocus, inline, placeholder } = props
  const { t } = useTranslation()
  const label = useLabel()
  const description = useMaybeObject(object)
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState(inline ?? false)
  const { data: found, isFetching } = useRecordChoices(object, typed, open)
  const options = value && !typed && !found.some((one) => one.id === value.id) ? [value, ...found] : found
  return (
    <Select
      id={id ?? ''}
      className={styles.fullWidth}
      status={invalid ? 'error' : ''}
      variant={inline ? 'borderless' : 'outlined'}
      autoFocus={autoFocus ?? false}
      aria-required={required}
      open={open}
      onOpenChange={setOpen}
      showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }}
      allowClear={!required}
      placeholder={placeholder ?? t('controls.pick', { object: label(description?.label) })}
      loading={isFetching && open}
      notFoundContent={isFetching ? t('common.loading') : t('controls.nothingFound')}
      popupMatchSelectWidth={false}
      value={value ? { value: value.id, label: value.label } : null}
      labelInValue
      options={options.map((one) => ({ value: one.id, label: one.label }))}
      optionRender={({ label: text }) => (
        <span className={styles.person}>
          {object === 'person' && <Avatar name={String(text)} />}
          {text}
        </span>
      )}
      onChange={(next) => {
        setTyped('')
        onChange(next ? { id: String(next.value), label: String(next.label) } : null)
      }}
    />
  )
}
