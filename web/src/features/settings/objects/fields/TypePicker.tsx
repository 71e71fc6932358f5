import { useTranslation } from 'react-i18next'
import type { FieldType } from '@/api/types'
import { useLabel } from '@/kernel/language'
import settings from '../../settings.module.css'
import styles from '../objects.module.css'
import { TypeIcon, typeOrder } from './TypeIcon'

interface TypePickerProps {
  types: FieldType[]
  value: string
  onChange: (key: string) => void
}

/** All types a Field can have, to choose one. */
export function TypePicker({ types, value, onChange }: TypePickerProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const place = (type: FieldType) => {
    const index = typeOrder.indexOf(type.key)
    return index < 0 ? typeOrder.length : index
  }
  return (
    <fieldset className={settings.pair}>
      <legend className={settings.label}>{t('settings.fields.type')}</legend>
      <div className={styles.types}>
        {[...types]
          .sort((a, b) => place(a) - place(b))
          .map((type) => (
            <button
              key={type.key}
              type="button"
              className={styles.type}
              aria-pressed={type.key === value}
              onClick={() => onChange(type.key)}
            >
              <TypeIcon type={type.key} />
              {label(type.label)}
            </button>
          ))}
      </div>
    </fieldset>
  )
}
