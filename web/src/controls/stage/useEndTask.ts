/** Checking a task off, and taking that back. */
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { StageTask, TaskForm } from '@/api/types'
import { refreshRecords } from '@/kernel/records'
import { keepAction, useUndo } from '@/kernel/undo'
import { useNotify } from '@/ui/useNotify'

export function useEndTask(form: TaskForm) {
  const client = useQueryClient()
  const notify = useNotify()
  const undo = useUndo()
  const { t } = useTranslation()
  const [busy, setBusy] = useState(false)

  const write = async (task: StageTask, values: Record<string, unknown>, said?: string) => {
    setBusy(true)
    const kept = keepAction()
    try {
      await api.records.update(form.object, task.id, values, {
        version: task.version,
        door: 'inline',
        onAction: kept.onAction,
      })
      const takeBack = () => void undo(kept.action).then(() => notify.done(t('common.undone')), notify.failed)
      if (said) notify.done(said, takeBack)
    } catch (thrown) {
      notify.failed(thrown)
    } finally {
      setBusy(false)
      void refreshRecords(client, form.object)
    }
  }
  const end = (task: StageTask, result: string | null) =>
    void write(
      task,
      {
        [form.status]: form.done,
        ...(form.done_at && { [form.done_at]: new Date().toISOString() }),
        ...(form.result && result && { [form.result]: result }),
      },
      t('stage.tasks.saved', { subject: task.subject }),
    )
  const reopen = (task: StageTask) =>
    void write(task, { [form.status]: form.open, ...(form.done_at && { [form.done_at]: null }) })
  return { busy, end, reopen }
}
