import { Button } from 'antd'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition } from '@/api/types'
import { GateCondition } from '../Checks'
import { useDesigner } from '../context'
import styles from '../designer.module.css'

interface OptionalConditionProps {
  value: Condition | null
  onChange: (value: Condition | null) => void
}

/** A Condition that may be left out: then it always holds. */
export function OptionalCondition({ value, onChange }: OptionalConditionProps) {
  const { t } = useTranslation()
  const { object, readOnly } = useDesigner()
  const [open, setOpen] = useState(value !== null)
  if (!open)
    return readOnly ? null : (
      <Button type="dashed" icon={<Plus size={14} />} onClick={() => setOpen(true)}>
        {t('design.addCondition')}
      </Button>
    )
  return (
    <div className={styles.cardHead}>
      <div className={styles.grow}>
        <GateCondition object={object} state={null} value={value} onChange={onChange} />
      </div>
      {!readOnly && (
        <Button
          type="text"
          size="small"
          icon={<X size={14} />}
          aria-label={t('design.dropCheck')}
          onClick={() => {
            setOpen(false)
            onChange(null)
          }}
        />
      )}
    </div>
  )
}
