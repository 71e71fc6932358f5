import { Button, Select } from 'antd'
import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Field } from '@/api/types'
import { fieldOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { useDesigner } from './context'
import styles from './designer.module.css'

interface FieldsPickerProps {
  label: string
  value: string[]
  onChange: (value: string[]) => void
  /** Which Fields may be asked for. */
  offers?: (field: Field) => boolean
}

const fillable = (field: Field): boolean => !field.computed

/** Fields that have to be filled: one click adds one, one takes it away. */
export function FieldsPicker({ label, value, onChange, offers = fillable }: FieldsPickerProps) {
  const { t } = useTranslation()
  const text = useLabel()
  const { object, readOnly } = useDesigner()
  const name = (key: string) => text(fieldOf(object, key)?.label) || key
  const offered = object.fields.filter((field) => offers(field) && !value.includes(field.key))
  return (
    <div className={styles.fields}>
      {value.length > 0 && (
        <ul className={styles.chips} aria-label={label}>
          {value.map((key) => (
            <li key={key} className={styles.chip}>
              {name(key)}
              {!readOnly && (
                <Button
                  type="text"
                  size="small"
                  icon={<X size={12} />}
                  aria-label={t('design.dropField', { name: name(key) })}
                  onClick={() => onChange(value.filter((one) => one !== key))}
                />
              )}
            </li>
          ))}
        </ul>
      )}
      {!readOnly && (
        <Select
          aria-label={label}
          className={styles.full ?? ''}
          placeholder={
            <span className={styles.adder}>
              <Plus size={14} aria-hidden />
              {label}
            </span>
          }
          showSearch={{ optionFilterProp: 'label' }}
          value={null}
          options={offered.map((field) => ({ value: field.key, label: text(field.label) }))}
          onChange={(key: string | null) => key && onChange([...value, key])}
        />
      )}
    </div>
  )
}
