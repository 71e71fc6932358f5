import { useMutation } from '@tanstack/react-query'
import { Button, Input, Modal } from 'antd'
import { Copy, Eye } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import type { Field } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { ProblemNote } from '@/ui/ProblemView'
import { useCopy } from '@/ui/useCopy'
import styles from './access.module.css'

interface RevealProps {
  object: string
  record: string
  field: Field
  /** How the button looks beside a value. */
  className?: string | undefined
}

/** Shows one masked value as it is, once somebody has said what for; the audit log keeps who looked. */
export function Reveal({ object, record, field, className }: RevealProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const name = label(field.label)
  const reveal = useMutation<{ value: string | null }, ApiProblem>({
    mutationFn: () => api.access.reveal(object, record, field.key, reason),
  })
  const copy = useCopy()
  const close = () => {
    setOpen(false)
    setReason('')
    reveal.reset()
  }
  return (
    <>
      <button
        type="button"
        className={className}
        aria-label={t('roles.reveal.open', { field: name })}
        title={t('roles.reveal.open', { field: name })}
        onClick={() => setOpen(true)}
      >
        <Eye size={14} aria-hidden />
      </button>
      <Modal
        open={open}
        title={name}
        okText={t(reveal.data ? 'roles.reveal.done' : 'roles.reveal.show')}
        cancelText={t('common.cancel')}
        okButtonProps={{ disabled: !reveal.data && reason.trim() === '', loading: reveal.isPending }}
        cancelButtonProps={{ hidden: Boolean(reveal.data) }}
        onOk={() => (reveal.data ? close() : reveal.mutate())}
        onCancel={close}
      >
        {reveal.data ? (
          <div className={styles.revealed} role="status">
            <span>{reveal.data.value ?? '—'}</span>
            {reveal.data.value && (
              <Button size="small" icon={<Copy size={14} aria-hidden />} onClick={() => copy(reveal.data?.value ?? '')}>
                {t('common.copy')}
              </Button>
            )}
          </div>
        ) : (
          <div className={styles.ask}>
            <label htmlFor={`${id}-reason`}>{t('roles.reveal.reason')}</label>
            <Input
              id={`${id}-reason`}
              autoFocus
              maxLength={500}
              placeholder={t('roles.reveal.example')}
              value={reason}
              onPressEnter={(event) => {
                if (!event.nativeEvent.isComposing && reason.trim()) reveal.mutate()
              }}
              onChange={(event) => setReason(event.target.value)}
            />
            <p className={styles.kept}>{t('roles.reveal.kept')}</p>
          </div>
        )}
        {reveal.error && <ProblemNote error={reveal.error} />}
      </Modal>
    </>
  )
}
