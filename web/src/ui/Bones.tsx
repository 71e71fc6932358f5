import { useTranslation } from 'react-i18next'
import styles from './Bones.module.css'

/** A grey line standing for text that is on its way. */
export function Bone({ width = '60%', height = 12 }: { width?: number | string; height?: number }) {
  return <span className={styles.bone} style={{ width, height }} />
}

/** Lines standing for a list or a form that is on its way. */
export function Bones({ rows = 8 }: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <div className={styles.rows} role="status" aria-label={t('common.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move
        <div className={styles.row} key={index}>
          <Bone width={`${18 + ((index * 7) % 12)}%`} />
          <Bone width={`${10 + ((index * 5) % 9)}%`} />
          <Bone width={`${14 + ((index * 11) % 14)}%`} />
          <Bone width="8%" />
        </div>
      ))}
    </div>
  )
}
