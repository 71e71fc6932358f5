import { Button, Progress } from 'antd'
import { X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { ProblemNote } from '@/ui/ProblemView'
import styles from './files.module.css'
import type { Sending } from './useFiles'

/** What is on its way, how far it is, and what was refused and why. */
export function SendingList({ sending }: { sending: Sending[] }) {
  const { t } = useTranslation()
  if (sending.length === 0) return null
  return (
    <ul className={styles.sending}>
      {sending.map((one) => (
        <li key={one.key}>
          <div className={styles.sendingHead}>
            <span className={styles.sendingName}>{one.name}</span>
            <Button
              type="text"
              size="small"
              icon={<X size={14} aria-hidden />}
              aria-label={t(one.problem ? 'files.dismiss' : 'files.cancel', { name: one.name })}
              onClick={one.cancel}
            />
          </div>
          {one.problem ? (
            <ProblemNote error={one.problem} />
          ) : (
            <Progress
              percent={Math.round(one.share * 100)}
              size="small"
              aria-label={t('files.sending', { name: one.name })}
            />
          )}
        </li>
      ))}
    </ul>
  )
}
