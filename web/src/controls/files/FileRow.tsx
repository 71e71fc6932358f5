import { Button, Dropdown, Tag } from 'antd'
import { Download, Ellipsis, File, FileArchive, FileImage, FileSpreadsheet, FileText } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { DocumentType, FileVersion, RecordFile } from '@/api/types'
import { formatInstant, formatInstantExact, formatSize } from '@/kernel/format'
import { useLocale } from '@/kernel/session'
import { FileDialog } from './FileDialog'
import styles from './files.module.css'
import { type Owner, useFileActions } from './useFiles'

interface FileRowProps {
  owner: Owner
  file: RecordFile
  types: DocumentType[]
  editable: boolean
  onShow: (version: number) => void
  onVersion: (file: File) => void
}

/** One file: what it is, its version, how large, who and when; a click looks at it or saves it. */
export function FileRow({ owner, file, types, editable, onShow, onVersion }: FileRowProps) {
  const { t } = useTranslation()
  const chooser = useRef<HTMLInputElement>(null)
  const [changing, setChanging] = useState(false)
  const { remove } = useFileActions(owner)
  const current = file.versions[0]
  if (!current) return null
  const menu = [
    ...(editable
      ? [
          { key: 'version', label: t('files.newVersion'), onClick: () => chooser.current?.click() },
          { key: 'change', label: t('files.change'), onClick: () => setChanging(true) },
        ]
      : []),
    { key: 'versions', label: t('files.versions'), onClick: () => onShow(current.number) },
    ...(editable
      ? [
          { type: 'divider' as const },
          { key: 'remove', danger: true, label: t('files.remove'), onClick: () => void remove(file) },
        ]
      : []),
  ]
  return (
    <li className={styles.row} data-file={file.id}>
      <Shape version={current} />
      <div className={styles.rowBody}>
        <button type="button" className={styles.title} onClick={() => onShow(current.number)}>
          {file.title}
        </button>
        <VersionFacts version={current} numbered={file.version > 1} />
      </div>
      <Button
        type="text"
        size="small"
        href={api.files.content(owner.object, owner.record, file.id, current.number)}
        download={current.name}
        icon={<Download size={14} aria-hidden />}
        aria-label={t('files.download', { name: file.title })}
      />
      <Dropdown menu={{ items: menu }} trigger={['click']} placement="bottomRight">
        <Button
          type="text"
          size="small"
          icon={<Ellipsis size={14} aria-hidden />}
          aria-label={t('files.menu', { name: file.title })}
        />
      </Dropdown>
      <input
        ref={chooser}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-label={t('files.newVersionOf', { name: file.title })}
        onChange={(event) => {
          const chosen = event.target.files?.[0]
          if (chosen) onVersion(chosen)
          event.target.value = ''
        }}
      />
      {changing && <FileDialog owner={owner} file={file} types={types} onClose={() => setChanging(false)} />}
    </li>
  )
}

interface VersionFactsProps {
  version: FileVersion
  /** Whether there are several, so that the number says something. */
  numbered: boolean
}

/** Number, size, who and when, in one quiet line. */
export function VersionFacts({ version, numbered }: VersionFactsProps) {
  const { t } = useTranslation()
  const { language, zone } = useLocale()
  return (
    <span className={styles.facts}>
      {numbered && <Tag className={styles.number ?? ''}>{t('files.version', { number: version.number })}</Tag>}
      <span>{formatSize(version.size, language)}</span>
      <span>{version.uploaded_by.label}</span>
      <time dateTime={version.uploaded_at} title={formatInstantExact(version.uploaded_at, zone, language)}>
        {formatInstant(version.uploaded_at, zone, language)}
      </time>
    </span>
  )
}

const shapes: [RegExp, typeof File][] = [
  [/^image\//, FileImage],
  [/spreadsheet|excel|csv/, FileSpreadsheet],
  [/zip|rar|7z|tar|compressed/, FileArchive],
  [/pdf|word|text|rtf|presentation|powerpoint|document/, FileText],
]

/** A sign for the kind of content. */
function Shape({ version }: { version: FileVersion }) {
  const Found = shapes.find(([pattern]) => pattern.test(version.media_type))?.[1] ?? File
  return <Found size={16} strokeWidth={1.75} className={styles.shape} aria-hidden />
}
