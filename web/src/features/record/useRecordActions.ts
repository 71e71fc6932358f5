/** What can be done with a whole record: edit, delete with undo. */
import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ObjectDescription, RecordData } from '@/api/types'
import { refreshRecords } from '@/kernel/records'
import { useNotify } from '@/ui/useNotify'

/** Deletes a record into the recycle bin; the message offers to take it back. */
export function useDeleteRecord(object: ObjectDescription, onDeleted: () => void): (record: RecordData) => void {
  const { t } = useTranslation()
  const notify = useNotify()
  const client = useQueryClient()
  return (record) => {
    const restore = () => {
      api.records
        .restore(object.key, record.id)
        .then(() => notify.done(t('common.undone')))
        .catch(notify.failed)
        .finally(() => void refreshRecords(client, object.key))
    }
    api.records
      .remove(object.key, record.id, { version: record.version })
      .then(() => {
        notify.done(t('record.deleted', { name: String(record[object.name_field] ?? '') }), restore)
        void refreshRecords(client, object.key)
        onDeleted()
      })
      .catch(notify.failed)
  }
}
