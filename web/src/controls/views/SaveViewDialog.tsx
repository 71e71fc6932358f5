import { Button, Input, Modal, Radio } from 'antd'
import { type FormEvent, useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiProblem } from '@/api/problem'
import type { View } from '@/api/types'
import { ProblemNote } from '@/ui/ProblemView'
import styles from './views.module.css'

interface SaveViewDialogProps {
  /** The view to rename; null for a new one. */
  view: View | null
  busy: boolean
  problem: ApiProblem | null
  onSave: (name: string, shared: boolean) => void
  onCancel: () => void
}

/** Asks for the name of a view and who shall see it. */
export function SaveViewDialog({ view, busy, problem, onSave, onCancel }: SaveViewDialogProps) {
  const { t } = useTranslation()
  const [name, setName] = useState(view?.name ?? '')
  const [shared, setShared] = useState(view?.shared ?? false)
  const form = useId()
  const field = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim()) onSave(name.trim(), shared)
  }
  return (
    <Modal
      open
      width={400}
      title={view ? t('controls.views.renameTitle') : t('controls.views.createTitle')}
      onCancel={onCancel}
      footer={[
        <Button key="cancel" onClick={onCancel}>
          {t('common.cancel')}
        </Button>,
        <Button key="save" type="primary" htmlType="submit" form={form} loading={busy} disabled={!name.trim()}>
          {t('common.save')}
        </Button>,
      ]}
    >
      <form id={form} className={styles.dialog} onSubmit={submit}>
        <label htmlFor={field}>{t('common.name')}</label>
        <Input
          id={field}
          autoFocus
          maxLength={100}
          placeholder={t('controls.views.namePlaceholder')}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Radio.Group
          value={shared}
          onChange={(event) => setShared(event.target.value === true)}
          options={[
            { value: false, label: t('controls.views.forMe') },
            { value: true, label: t('controls.views.forAll') },
          ]}
        />
        {problem && <ProblemNote error={problem} />}
      </form>
    </Modal>
  )
}
