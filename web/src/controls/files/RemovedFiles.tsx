import { Button } from 'antd'
import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatInstant } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import styles from './files.module.css'
import { type Owner, useFileActions, useFiles } from './useFiles'

/** What was removed from a record, folded away, and brought back from here. */
export function RemovedFiles({ owner }: { owner: Owner }) {
  const { t } = useTranslation()
  const { language, zone } = useLocale()
  const [open, setOpen] = useState(false)
  const { data: files = [] } = useFiles(owner, true)
  const { restore } = useFileActions(owner)
  if (files.length === 0) return null
  return (
    <details className={styles.removed} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('files.removedCount', { count: files.length })}</summary>
      <ul>
        {files.map((file) => (
          <li key={file.id} className={styles.row}>
            <div className={styles.rowBody}>
              <span>{file.title}</span>
              <span className={styles.facts}>
                {t('files.removedBy', { name: file.removed_by?.label ?? '' })}
                <time dateTime={file.removed_at ?? ''}>
                  {file.removed_at && formatInstant(file.removed_at, zone, language)}
                </time>
              </span>
            </div>
            <Button
              type="text"
              size="small"
              icon={<Undo2 size={14} aria-hidden />}
              aria-label={t('files.restore', { name: file.title })}
              onClick={() => void restore(file)}
            />
          </li>
        ))}
      </ul>
    </details>
  )
}
