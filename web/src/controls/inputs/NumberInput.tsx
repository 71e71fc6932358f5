import { InputNumber } from 'antd'
import { currencySign } from '@/kernel/format'
import { useMe } from '@/kernel/session'
import type { InputProps } from '../control'
import styles from '../controls.module.css'

/** Full-width digits and signs as the usual ones: pasted Chinese amounts must not be refused. */
const halfWidth = (text: string): string =>
  text.replace(/[０-９．，－]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)).replace(/[,\s￥¥]/g, '')

/** Numbers, amounts and percentages. */
export default function NumberInput(props: InputProps) {
  const { value, field, onChange, id, describedBy, invalid, autoFocus, record, inline } = props
  const { organisation } = useMe()
  const scale = typeof field.options.scale === 'number' ? field.options.scale : undefined
  const currency = field.currency_field ? record?.[field.currency_field] : undefined
  const sign = field.type === 'money' ? currencySign(String(currency || organisation.currency)) : undefined
  return (
    <InputNumber<number>
      id={id}
      aria-describedby={describedBy}
      aria-invalid={invalid}
      aria-required={field.required}
      status={invalid ? 'error' : ''}
      variant={inline ? 'borderless' : 'outlined'}
      className={styles.fullWidth}
      autoFocus={autoFocus}
      controls={false}
      inputMode="decimal"
      prefix={sign}
      suffix={field.type === 'percent' ? '%' : undefined}
      {...(scale !== undefined && { precision: scale })}
      parser={(text) => halfWidth(text ?? '') as unknown as number}
      value={
        typeof value === 'number' ? value : value === null || value === undefined || value === '' ? null : Number(value)
      }
      {...(inline && { onFocus: (event) => event.target.select() })}
      onChange={(next) => onChange(next ?? null)}
    />
  )
}
