import { Button } from 'antd'
import { Download, FileQuestion } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { FileVersion, RecordFile } from '@/api/types'
import { EmptyState } from '@/ui/EmptyState'
import { SideDrawer } from '@/ui/SideDrawer'
import { VersionFacts } from './FileRow'
import styles from './files.module.css'
import type { Owner } from './useFiles'

/** Which version of which file is looked at. */
export interface Shown {
  file: string
  version: number
}

interface FilePreviewProps {
  owner: Owner
  files: RecordFile[]
  shown: Shown | null
  onShow: (shown: Shown | null) => void
}

/** A file in a drawer: images and PDF as they are, and all versions to look at or save. */
export function FilePreview({ owner, files, shown, onShow }: FilePreviewProps) {
  const { t } = useTranslation()
  const file = files.find((one) => one.id === shown?.file)
  const version = file?.versions.find((one) => one.number === shown?.version)
  return (
    <SideDrawer open={Boolean(version)} wide title={file?.title ?? ''} onClose={() => onShow(null)}>
      {file && version && (
        <div className={styles.preview}>
          <Content owner={owner} file={file} version={version} />
          <h3 className={styles.groupHead}>{t('files.versions')}</h3>
          <ul className={styles.versions}>
            {file.versions.map((one) => (
              <li key={one.number} className={styles.row} data-current={one.number === version.number || undefined}>
                <div className={styles.rowBody}>
                  <button
                    type="button"
                    className={styles.title}
                    aria-current={one.number === version.number}
                    onClick={() => onShow({ file: file.id, version: one.number })}
                  >
                    {one.name}
                  </button>
                  <VersionFacts version={one} numbered />
                  {one.note && <p className={styles.note}>{one.note}</p>}
                </div>
                <DownloadButton owner={owner} file={file} version={one} />
              </li>
            ))}
          </ul>
        </div>
      )}
    </SideDrawer>
  )
}

interface VersionProps {
  owner: Owner
  file: RecordFile
  version: FileVersion
}

function Content({ owner, file, version }: VersionProps) {
  const { t } = useTranslation()
  const source = api.files.preview(owner.object, owner.record, file.id, version.number)
  if (version.preview === 'image') return <img className={styles.image} src={source} alt={file.title} />
  // Phones have no viewer of their own within a page; there the file is saved and opened.
  if (version.preview === 'pdf' && navigator.pdfViewerEnabled) {
    return <iframe className={styles.document} src={source} title={file.title} />
  }
  return (
    <EmptyState
      icon={<FileQuestion size={20} aria-hidden />}
      title={t('files.noPreview')}
      hint={t('files.noPreviewHint')}
      actions={<DownloadButton owner={owner} file={file} version={version} worded />}
    />
  )
}

function DownloadButton({ owner, file, version, worded = false }: VersionProps & { worded?: boolean }) {
  const { t } = useTranslation()
  return (
    <Button
      {...(!worded && { type: 'text' as const, size: 'small' as const })}
      href={api.files.content(owner.object, owner.record, file.id, version.number)}
      download={version.name}
      icon={<Download size={14} aria-hidden />}
      {...(!worded && { 'aria-label': t('files.download', { name: version.name }) })}
    >
      {worded && t('files.save')}
    </Button>
  )
}
