import { Button } from 'antd'
import { Copy, Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { useCopy } from '@/ui/useCopy'
import styles from './security.module.css'

interface RecoveryCodesProps {
  codes: string[]
  onDone: () => void
}

/** Fresh recovery codes, shown this once: to be copied or kept as a file. */
export function RecoveryCodes({ codes, onDone }: RecoveryCodesProps) {
  const { t } = useTranslation()
  const all = codes.join('\n')
  const copy = useCopy()
  return (
    <div className={styles.form} data-recovery-codes="">
      <p className={styles.lead}>{t('security.recovery.once')}</p>
      <ol className={styles.codes} aria-label={t('security.recovery.title')}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <div className={styles.buttons}>
        <Button icon={<Copy size={15} />} onClick={() => copy(all)}>
          {t('common.copy')}
        </Button>
        <Button
          icon={<Download size={15} />}
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${all}\n`)}`}
          download="liaoran-recovery-codes.txt"
        >
          {t('security.recovery.file')}
        </Button>
        <Button type="primary" onClick={onDone}>
          {t('security.recovery.kept')}
        </Button>
      </div>
    </div>
  )
}
