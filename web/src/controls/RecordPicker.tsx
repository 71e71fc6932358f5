import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import type { DefaultOptionType } from 'antd/es/select'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Condition, LinkValue, RecordData } from '@/api/types'
import { useMaybeObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { recordsKey } from '@/kernel/records'
import { Avatar } from './Avatar'
import styles from './controls.module.css'
import { type Beside, type Kin, useKin } from './kin'

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
  /** What is entered beside it: records that belong with that stand first. */
  beside?: Beside | undefined
}

const pageSize = 20

/** Records of an Object whose words, pinyin or initials match what was typed; of these, those that `where` holds for. */
export function useRecordChoices(
  object: string,
  typed: string,
  enabled: boolean,
  where: Condition | null = null,
): { data: LinkValue[]; isFetching: boolean; isPending: boolean } {
  const description = useMaybeObject(object)
  const nameField = description?.name_field
  const q = useDeferredValue(typed.trim())
  const {
    data = [],
    isFetching,
    isPending,
  } = useQuery<LinkValue[]>({
    queryKey: [...recordsKey(object), 'choices', q, where],
    enabled: enabled && Boolean(nameField),
    placeholderData: (previous) => previous,
    queryFn: async ({ signal }) => {
      const name = nameField ?? 'name'
      const body = {
        select: [name],
        limit: pageSize,
        ...(where && { where }),
        ...(q ? { q } : { sort: [{ field: name, dir: 'asc' as const }] }),
      }
      const { records } = await api.records.query(object, body, signal)
      return records.map((record: RecordData) => ({ id: record.id, label: String(record[name] ?? '') }))
    },
  })
  return { data, isFetching, isPending }
}

const isOf = (kin: Kin): Condition => ({ field: kin.field, op: 'eq', value: kin.id })
const optionOf = (one: LinkValue) => ({ value: one.id, label: one.label })

/** Chooses one record of an Object, searching on the server as one types. */
export function RecordPicker(props: RecordPickerProps) {
  const { object, value, onChange, id, invalid, required, autoFocus, inline, placeholder, beside } = props
  const { t } = useTranslation()
  const label = useLabel()
  const description = useMaybeObject(object)
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState(inline ?? false)
  const kin = useKin(object, beside, open)
  const ready = open && kin !== undefined
  const near = useRecordChoices(object, typed, ready && kin !== null, kin ? isOf(kin) : null)
  const all = useRecordChoices(object, typed, ready)
  const isFetching = !ready || near.isFetching || all.isFetching
  const first = kin ? near.data : []
  const rest = all.data.filter((one) => !first.some((other) => other.id === one.id))
  const shown = [...first, ...rest]
  const others = value && !typed && !shown.some((one) => one.id === value.id) ? [value, ...rest] : rest
  const groups: DefaultOptionType[] = [
    { label: t('controls.with', { name: kin?.label ?? '' }), options: first.map(optionOf) },
    { label: t('controls.others'), options: others.map(optionOf) },
  ].filter((group) => group.options.length > 0)
  // Nothing is offered before it is known what stands first, so that nothing moves away under the pointer.
  const waits = kin !== null && near.isPending
  const options = waits ? [] : first.length > 0 ? groups : others.map(optionOf)
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
      options={options}
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
