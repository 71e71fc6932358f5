import { useQuery } from '@tanstack/react-query'
import { Cascader } from 'antd'
import { useMemo } from 'react'
import type { RegionNode, Text } from '@/api/types'
import { regionsQuery } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import type { InputProps } from '../control'
import styles from '../controls.module.css'

interface Option {
  value: string
  label: string
  children?: Option[]
}

const optionsOf = (nodes: RegionNode[], label: (text: Text | string) => string): Option[] =>
  nodes.map((node) => ({
    value: node.code,
    label: label(node.label),
    ...(node.children?.length && { children: optionsOf(node.children, label) }),
  }))

/** The codes from the province down to `code`. */
function pathTo(options: Option[], code: string): string[] {
  for (const option of options) {
    if (option.value === code) return [code]
    const below = pathTo(option.children ?? [], code)
    if (below.length > 0) return [option.value, ...below]
  }
  return []
}

function codeOf(value: unknown): string {
  if (value && typeof value === 'object' && 'code' in value) return String(value.code)
  return typeof value === 'string' ? value : ''
}

/** 省 / 市 / 区; any level may be chosen. */
export default function RegionInput(props: InputProps) {
  const { value, field, onChange, id, invalid, autoFocus, inline, onDone } = props
  const label = useLabel()
  const { data: regions, isPending } = useQuery(regionsQuery)
  const options = useMemo(() => optionsOf(regions ?? [], label), [regions, label])
  const code = codeOf(value)
  return (
    <Cascader<Option>
      id={id ?? ''}
      className={styles.fullWidth ?? ''}
      status={invalid ? 'error' : ''}
      variant={inline ? 'borderless' : 'outlined'}
      autoFocus={autoFocus ?? false}
      defaultOpen={inline ?? false}
      loading={isPending}
      changeOnSelect
      allowClear={!field.required}
      showSearch={{ filter: (text, path) => path.some((node) => node.label.includes(text)) }}
      options={options}
      value={code ? pathTo(options, code) : []}
      onChange={(codes, path) => {
        const last = path?.at(-1)
        onChange(last && codes ? { code: last.value, label: path.map((node) => node.label).join(' ') } : null)
        if (!last?.children) onDone?.()
      }}
    />
  )
}
