import { Button } from 'antd'
import { ListFilter, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Condition } from '@/api/types'
import { isEmptyCondition } from '@/kernel/conditions'
import { useMaybeObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ConditionEditor } from './ConditionEditor'
import styles from './conditions.module.css'
import { GateScopeContext } from './gate'

interface RelatedEditorProps {
  /** The linked Object. */
  object: string
  value: unknown
  onChange: (value: Condition | null) => void
}

/** Which linked records count: any, or those for which a Condition of their own holds. */
export function RelatedEditor({ object, value, onChange }: RelatedEditorProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const linked = useMaybeObject(object)
  const condition = (value ?? null) as Condition | null
  const [open, setOpen] = useState(!isEmptyCondition(condition))
  if (!linked) return null
  if (!open)
    return (
      <Button type="text" size="small" icon={<ListFilter size={14} />} onClick={() => setOpen(true)}>
        {t('conditions.which', { objects: label(linked.label_plural) })}
      </Button>
    )
  return (
    <div className={styles.inner}>
      <div className={styles.mode}>
        <span className={styles.hint}>{t('conditions.such', { objects: label(linked.label_plural) })}</span>
        <Button
          type="text"
          size="small"
          icon={<X size={14} />}
          aria-label={t('conditions.anyOne')}
          title={t('conditions.anyOne')}
          onClick={() => {
            setOpen(false)
            onChange(null)
          }}
        />
      </div>
      <GateScopeContext value={null}>
        <ConditionEditor object={linked} value={condition} onChange={onChange} />
      </GateScopeContext>
    </div>
  )
}
