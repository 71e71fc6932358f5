import { Input, Modal, Select } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentType, RecordFile } from '@/api/types'
import { useLabel } from '@/kernel/language'
import styles from './files.module.css'
import { type Owner, useFileActions } from './useFiles'

interface FileDialogProps {
  owner: Owner
  file: RecordFile
  types: DocumentType[]
  onClose: () => void
}

const longestTitle = 200

/** Gives a file another name or document type. */
export function FileDialog({ owner, file, types, onClose }: FileDialogProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const id = useId()
  const { change } = useFileActions(owner)
  const [title, setTitle] = useState(file.title)
  const [type, setType] = useState(file.document_type)
  const [saving, setSaving] = useState(false)
  const offered = types.filter((one) => !one.retired || one.key === file.document_type)
  const save = async () => {
    setSaving(true)
    await change(file, {
      ...(title.trim() !== file.title && { title: title.trim() }),
      ...(type !== file.document_type && { document_type: type }),
    })
    onClose()
  }
  return (
    <Modal
      open
      title={t('files.change')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: !title.trim(), loading: saving }}
      onOk={() => void save()}
      onCancel={onClose}
      width={420}
      destroyOnHidden
    >
      <div className={styles.form}>
        <label htmlFor={`${id}-title`}>{t('common.name')}</label>
        <Input
          id={`${id}-title`}
          autoFocus
          maxLength={longestTitle}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
          onPressEnter={() => title.trim() && void save()}
        />
        <label htmlFor={`${id}-type`}>{t('files.type')}</label>
        <Select
          id={`${id}-type`}
          allowClear
          placeholder={t('files.untyped')}
          value={type}
          options={offered.map((one) => ({ value: one.key, label: label(one.label) }))}
          onChange={(key) => setType(key ?? null)}
        />
      </div>
    </Modal>
  )
}
