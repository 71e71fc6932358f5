import { Check, Minus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { type Control, type DisplayProps, lazyInput } from '../control'
import styles from '../controls.module.css'

export function BooleanDisplay({ value }: DisplayProps) {
  const { t } = useTranslation()
  const Shape = value ? Check : Minus
  return (
    <span className={styles.person}>
      <Shape size={14} aria-hidden />
      {value ? t('common.yes') : t('common.no')}
    </span>
  )
}

export const control: Control = {
  type: 'boolean',
  align: 'start',
  width: 88,
  Display: BooleanDisplay,
  Input: lazyInput(() => import('../inputs/BooleanInput')),
}
