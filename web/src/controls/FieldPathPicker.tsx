import { useQueryClient } from '@tanstack/react-query'
import { Cascader } from 'antd'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, ObjectDescription } from '@/api/types'
import { objectQuery } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { maximumHops, usePathFields } from '@/kernel/paths'
import styles from './controls.module.css'

interface Option {
  value: string
  label: string
  target: string | null
  isLeaf: boolean
  children?: Option[]
}

interface FieldPathPickerProps {
  object: ObjectDescription
  value: string | null
  onChange: (path: string) => void
  /** Which Fields may be chosen; links are walked through in any case. */
  offers?: (field: Field) => boolean
  placeholder?: string
  label: string
  /** What else may be chosen than a Field. */
  more?: OtherPath[] | undefined
}

export interface OtherPath {
  value: string
  label: string
}

const none: OtherPath[] = []

/** Chooses a Field of an Object, or one behind its links. */
export function FieldPathPicker({
  object,
  value,
  onChange,
  offers = () => true,
  placeholder,
  label,
  more = none,
}: FieldPathPickerProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const text = useLabel()
  const chosen = usePathFields(object, value ? [value] : [])
  const [loaded, setLoaded] = useState<Record<string, ObjectDescription>>({})
  const options = useMemo(() => {
    const build = (owner: ObjectDescription, depth: number): Option[] =>
      owner.fields
        .filter((field) => offers(field) || (field.target && depth < maximumHops))
        .map((field) => {
          const below = field.target && depth < maximumHops ? field.target : null
          const target = below ? loaded[below] : undefined
          return {
            value: field.key,
            label: text(field.label),
            target: below,
            isLeaf: !below,
            ...(target && { children: build(target, depth + 1) }),
          }
        })
    const others = more.map((one) => ({ ...one, target: null, isLeaf: true }))
    return [...build(object, 0), ...others]
  }, [object, loaded, offers, text, more])

  const load = async (steps: Option[]) => {
    const target = steps.at(-1)?.target
    if (!target || loaded[target]) return
    const description = await client.ensureQueryData(objectQuery(target))
    setLoaded((known) => ({ ...known, [target]: description }))
  }
  const other = more.find((one) => one.value === value)
  const words = chosen
    .get(value ?? '')
    ?.labels.map(text)
    .join(' › ')
  return (
    <Cascader<Option>
      className={styles.fullWidth ?? ''}
      aria-label={label}
      allowClear={false}
      changeOnSelect
      expandTrigger="hover"
      placeholder={placeholder ?? t('controls.chooseField')}
      options={options}
      loadData={(steps) => void load(steps)}
      showSearch={{
        filter: (typed, path) => path.some((step) => step.label.toLowerCase().includes(typed.toLowerCase())),
        limit: 30,
      }}
      displayRender={(labels) => other?.label ?? words ?? labels.join(' › ')}
      value={other ? [other.value] : value ? value.split('.') : []}
      onChange={(steps) => steps && onChange(steps.map(String).join('.'))}
    />
  )
}
