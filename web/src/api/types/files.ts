/** Files on records, and what they can be. */
import type { Origin, Text } from './catalogue'

export interface FilePerson {
  id: string | null
  label: string
}

export interface FileVersion {
  number: number
  name: string
  /** In bytes. */
  size: number
  media_type: string
  sha256: string
  /** How it can be shown within a page; null where it can only be downloaded. */
  preview: 'image' | 'pdf' | null
  note: string | null
  uploaded_at: string
  uploaded_by: FilePerson
}

/** A document of a record; `versions` begins with the current one. */
export interface RecordFile {
  id: string
  title: string
  document_type: string | null
  version: number
  created_at: string
  created_by: FilePerson
  removed_at: string | null
  removed_by: FilePerson | null
  versions: FileVersion[]
}

export interface DocumentType {
  key: string
  label: Text
  retired: boolean
  origin: Origin
}

/** What may be uploaded. `types` are patterns of media types; none means all. */
export interface FileLimits {
  max_bytes: number
  types: string[]
  programs: boolean
}

/** What an Event says about a file. */
export interface FileEvent {
  what: 'added' | 'version' | 'changed' | 'removed' | 'restored'
  id: string
  title: string
  old_title?: string
  version?: number
  type?: { key: string; label: Text } | null
  old_type?: { key: string; label: Text } | null
}
