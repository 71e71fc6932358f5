/** What can be done with a whole record: edit, delete with undo. */
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ObjectDescription, RecordData } from '@/api/types'
import { refreshRecords } from '@/kernel/records'
import { keepAction, useUndo } from '@/kernel/undo'
import { useNotify } from '@/ui/useNotify'

/** Deletes a record into the recycle bin; the message offers to take it back. */
export function useDeleteRecord(object: ObjectDescription, onDeleted: () => void): (record: RecordData) => void {
  const { t } = useTranslation()
  const notify = useNotify()
  const client = useQueryClient()
  const undo = useUndo()
  return (record) => {
    const kept = keepAction()
    const restore = () => void undo(kept.action).then(() => notify.done(t('common.undone')), notify.failed)
    api.records
      .remove(object.key, record.id, { version: record.version, onAction: kept.onAction })
      .then(() => {
        notify.done(t('record.deleted', { name: String(record[object.name_field] ?? '') }), restore)
        void refreshRecords(client, object.key)
        onDeleted()
      })
      .catch(notify.failed)
  }
}
