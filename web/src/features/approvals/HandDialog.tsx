import { Modal, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkValue } from '@/api/types'
import type { Deed } from '@/controls/approvals/useApprovals'
import { RecordPicker } from '@/controls/RecordPicker'
import { RecordsPicker } from '@/controls/RecordsPicker'
import { readLink } from '@/controls/types/link'
import styles from './approvals.module.css'

interface HandDialogProps {
  kind: 'delegate' | 'add'
  busy: boolean
  onClose: () => void
  onSend: (deed: Extract<Deed, { deed: 'delegate' | 'add' }>) => void
}

/** Chooses to whom the own step goes, or who else looks at it and when. */
export function HandDialog({ kind, busy, onClose, onSend }: HandDialogProps) {
  const { t } = useTranslation()
  const [one, setOne] = useState<LinkValue | null>(null)
  const [several, setSeveral] = useState<unknown[]>([])
  const [when, setWhen] = useState<'before' | 'after'>('before')
  const people = several.flatMap((each) => readLink(each)?.id ?? [])
  const ready = kind === 'delegate' ? one !== null : people.length > 0
  const send = () => {
    if (kind === 'add') onSend({ deed: 'add', people, when })
    else if (one) onSend({ deed: 'delegate', to: one.id })
  }
  return (
    <Modal
      open
      title={t(kind === 'delegate' ? 'approvals.delegate' : 'approvals.addSign')}
      okText={t(kind === 'delegate' ? 'approvals.delegate' : 'approvals.addSign')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: !ready, loading: busy }}
      onOk={send}
      onCancel={onClose}
    >
      <div className={styles.hand}>
        <p className={styles.quiet}>{t(kind === 'delegate' ? 'approvals.delegateHint' : 'approvals.addSignHint')}</p>
        {kind === 'delegate' ? (
          <RecordPicker
            object="person"
            value={one}
            onChange={setOne}
            placeholder={t('approvals.colleague')}
            autoFocus
          />
        ) : (
          <>
            <RecordsPicker
              plain
              object="person"
              value={several}
              onChange={setSeveral}
              label={t('approvals.colleagues')}
            />
            <Segmented
              value={when}
              options={[
                { value: 'before', label: t('approvals.before') },
                { value: 'after', label: t('approvals.after') },
              ]}
              onChange={(value) => setWhen(value as 'before' | 'after')}
            />
          </>
        )}
      </div>
    </Modal>
  )
}
