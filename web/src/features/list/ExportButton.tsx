import { Button, Dropdown, Input, Modal } from 'antd'
import { Download } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription } from '@/api/types'
import { usePhone } from '@/ui/usePhone'
import styles from './list.module.css'
import { type NeedsApproval, useExport } from './useExport'
import type { Question } from './useRows'

/** Writes what the list shows into a file; it goes on while one does something else. */
export function ExportButton({ object, question }: { object: ObjectDescription; question: Question }) {
  const { t } = useTranslation()
  const phone = usePhone()
  const [asking, setAsking] = useState<Asking | null>(null)
  const askWhy = useCallback(
    (needed: NeedsApproval) => new Promise<string | null>((answer) => setAsking({ ...needed, answer })),
    [],
  )
  const start = useExport(object, askWhy)
  const formats = ['xlsx', 'csv'] as const
  if (phone) return null
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: formats.map((format) => ({
            key: format,
            label: t(`list.export.${format}`),
            onClick: () => void start(question, format),
          })),
        }}
      >
        <Button type="text" icon={<Download size={15} />}>
          {t('list.export.button')}
        </Button>
      </Dropdown>
      {asking && <Why asking={asking} onClose={() => setAsking(null)} />}
    </>
  )
}

interface Asking extends NeedsApproval {
  answer: (reason: string | null) => void
}

/** Asks what an export is for that needs an administrator's word. */
function Why({ asking, onClose }: { asking: Asking; onClose: () => void }) {
  const { t } = useTranslation()
  const [reason, setReason] = useState('')
  const close = (answer: string | null) => {
    asking.answer(answer)
    onClose()
  }
  return (
    <Modal
      open
      title={t('list.export.approval.title')}
      okText={t('list.export.approval.ask')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: reason.trim() === '' }}
      onOk={() => close(reason.trim())}
      onCancel={() => close(null)}
    >
      <p className={styles.askWhy}>{t('list.export.approval.lead', { rows: asking.rows, limit: asking.limit })}</p>
      <Input.TextArea
        autoFocus
        aria-label={t('list.export.approval.reason')}
        placeholder={t('list.export.approval.reason')}
        maxLength={500}
        autoSize={{ minRows: 2 }}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </Modal>
  )
}
