import { Clock, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Due } from '@/api/types'
import styles from './stage.module.css'

/** That time is running out or has run out: icon, colour and word. Nothing where all is well. */
export function DueTag({ due }: { due: Due | null | undefined }) {
  const { t } = useTranslation()
  if (due !== 'near' && due !== 'over') return null
  const Shape = due === 'over' ? TriangleAlert : Clock
  return (
    <span className={styles.due} data-due={due}>
      <Shape size={12} aria-hidden />
      {t(`stage.dwell.${due}`)}
    </span>
  )
}
