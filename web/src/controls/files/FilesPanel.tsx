import { useQuery } from '@tanstack/react-query'
import { Button, Select } from 'antd'
import { Camera, Paperclip, Upload } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { DocumentType, ObjectDescription, RecordData, RecordFile } from '@/api/types'
import { may } from '@/kernel/describe'
import { formatNumber } from '@/kernel/format'
import { useLabel, useLanguage } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import { usePhone } from '@/ui/usePhone'
import { FilePreview, type Shown } from './FilePreview'
import { FileRow } from './FileRow'
import styles from './files.module.css'
import { RemovedFiles } from './RemovedFiles'
import { SendingList } from './SendingList'
import {
  documentTypesQuery,
  lastDocumentType,
  type Owner,
  rememberDocumentType,
  useFiles,
  useSending,
} from './useFiles'

interface FilesPanelProps {
  object: ObjectDescription
  record: RecordData
}

/** The files of a record, by document type: drop, choose or photograph them, look at them, keep every version. */
export function FilesPanel({ object, record }: FilesPanelProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  const owner: Owner = { object: object.key, record: record.id }
  const { data: files, error, isPending, refetch } = useFiles(owner)
  const { data: types = [], isPending: typesPending } = useQuery(documentTypesQuery)
  const { sending, send } = useSending(owner)
  const [shown, setShown] = useState<Shown | null>(null)
  const editable = may(object, 'edit')
  return (
    <section className={styles.panel} aria-label={t('files.title')}>
      <header className={styles.head}>
        <Paperclip size={14} aria-hidden />
        <h3>{t('files.title')}</h3>
        {files && files.length > 0 && <span className={styles.quiet}>{formatNumber(files.length, language)}</span>}
      </header>
      {/* Before the types are known, a file would be sent without the one that was chosen last. */}
      {editable && !typesPending && <UploadArea types={types} onFiles={(chosen, type) => void send(chosen, type)} />}
      <SendingList sending={sending} />
      {isPending && <Bones rows={2} />}
      {error && !files && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {files && files.length === 0 && (
        <p className={styles.quiet}>{t(editable ? 'files.empty' : 'files.emptyReadOnly')}</p>
      )}
      {byType(files ?? [], types).map(({ type, files: group }) => (
        <Group key={type?.key ?? ''} type={type}>
          {group.map((file) => (
            <FileRow
              key={file.id}
              owner={owner}
              file={file}
              types={types}
              editable={editable}
              onShow={(version) => setShown({ file: file.id, version })}
              onVersion={(chosen) => void send([chosen], null, file.id)}
            />
          ))}
        </Group>
      ))}
      {editable && <RemovedFiles owner={owner} />}
      <FilePreview owner={owner} files={files ?? []} shown={shown} onShow={setShown} />
    </section>
  )
}

interface TypedFiles {
  type: DocumentType | null
  files: RecordFile[]
}

/** Files by document type in the order of the types; what has none comes last. */
function byType(files: RecordFile[], types: DocumentType[]): TypedFiles[] {
  const known = new Set(types.map((type) => type.key))
  const groups: TypedFiles[] = [...types, null].map((type) => ({
    type,
    files: files.filter((file) =>
      type ? file.document_type === type.key : !file.document_type || !known.has(file.document_type),
    ),
  }))
  return groups.filter((group) => group.files.length > 0)
}

function Group({ type, children }: { type: DocumentType | null; children: React.ReactNode }) {
  const { t } = useTranslation()
  const label = useLabel()
  return (
    <div className={styles.group} data-type={type?.key ?? ''}>
      <h4 className={styles.groupHead}>{type ? label(type.label) : t('files.untyped')}</h4>
      <ul>{children}</ul>
    </div>
  )
}

interface UploadAreaProps {
  types: DocumentType[]
  onFiles: (files: File[], type: string | null) => void
}

function UploadArea({ types, onFiles }: UploadAreaProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const phone = usePhone()
  const chooser = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const [remembered, setRemembered] = useState(lastDocumentType)
  const [over, setOver] = useState(false)
  const usable = types.filter((type) => !type.retired)
  const type = usable.some((one) => one.key === remembered) ? remembered : null
  const choose = (key: string | null) => {
    rememberDocumentType(key)
    setRemembered(key)
  }
  const take = (files: FileList | null) => {
    const chosen = [...(files ?? [])]
    if (chosen.length > 0) onFiles(chosen, type)
  }
  const drag = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return
    event.preventDefault()
    setOver(true)
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    take(event.dataTransfer.files)
  }
  const input = (kind: 'chooser' | 'camera') => (
    <input
      ref={kind === 'camera' ? camera : chooser}
      type="file"
      className="visually-hidden"
      tabIndex={-1}
      aria-label={t(kind === 'camera' ? 'files.photograph' : 'files.choose')}
      {...(kind === 'camera' ? { accept: 'image/*', capture: 'environment' as const } : { multiple: true })}
      onChange={(event) => {
        take(event.target.files)
        event.target.value = ''
      }}
    />
  )
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the buttons within are the first
    <div
      className={styles.drop}
      data-over={over || undefined}
      onDragOver={drag}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {usable.length > 0 && (
        <Select
          size="small"
          allowClear
          className={styles.type ?? ''}
          popupMatchSelectWidth={false}
          aria-label={t('files.type')}
          placeholder={t('files.untyped')}
          value={type}
          options={usable.map((one) => ({ value: one.key, label: label(one.label) }))}
          onChange={(key) => choose(key ?? null)}
        />
      )}
      <Button size="small" icon={<Upload size={14} aria-hidden />} onClick={() => chooser.current?.click()}>
        {t('files.choose')}
      </Button>
      {phone && (
        <Button size="small" icon={<Camera size={14} aria-hidden />} onClick={() => camera.current?.click()}>
          {t('files.photograph')}
        </Button>
      )}
      {!phone && <span className={styles.quiet}>{t('files.dropHint')}</span>}
      {input('chooser')}
      {phone && input('camera')}
    </div>
  )
}
