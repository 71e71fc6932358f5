import { Button } from 'antd'
import { Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, Who } from '@/api/types'
import { WhoPicker } from './WhoPicker'
import styles from './who.module.css'

interface WhoListProps {
  object: ObjectDescription
  value: Who[]
  onChange: (value: Who[]) => void
  label: string
  /** Stands where nobody is named, and says what that means. */
  empty?: string
}

/** Several people of different kinds. */
export function WhoList({ object, value, onChange, label, empty }: WhoListProps) {
  const { t } = useTranslation()
  const put = (index: number, next: Who | null) =>
    onChange(value.flatMap((one, place) => (place === index ? (next ? [next] : []) : [one])))
  return (
    <fieldset className={styles.list}>
      <legend className={styles.legend}>{label}</legend>
      {value.length === 0 && empty && <p className={styles.empty}>{empty}</p>}
      {value.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the same person may stand in the list twice while it is edited
        <div key={index} className={styles.line}>
          <WhoPicker object={object} value={one} label={label} onChange={(next) => put(index, next)} />
          <Button
            type="text"
            size="small"
            icon={<X size={14} />}
            aria-label={t('who.remove', { number: index + 1 })}
            onClick={() => put(index, null)}
          />
        </div>
      ))}
      <Button
        type="text"
        size="small"
        className={styles.add ?? ''}
        icon={<Plus size={14} />}
        onClick={() => onChange([...value, { who: 'owner' }])}
      >
        {t('who.add')}
      </Button>
    </fieldset>
  )
}
