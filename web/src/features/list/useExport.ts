import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ExportJob, ObjectDescription } from '@/api/types'
import { type Job, reportJob } from '@/kernel/jobs'
import { useLabel } from '@/kernel/language'
import { useNotify } from '@/ui/useNotify'
import { bodyOf, type Question } from './useRows'

const firstPause = 300
const longestPause = 2000

const states: Record<ExportJob['state'], Job['state']> = {
  waiting: 'running',
  running: 'running',
  cancelling: 'running',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
}

/** Asks after a job until it has come to an end, ever more patiently. */
async function follow(id: string, report: (job: ExportJob) => void): Promise<ExportJob> {
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    const job = await api.exports.get(id)
    report(job)
    if (states[job.state] !== 'running') return job
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

function download(address: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = ''
  link.click()
}

/** Starts an export; its progress shows in the notification place, the file comes by itself. */
export function useExport(object: ObjectDescription) {
  const { t } = useTranslation()
  const label = useLabel()
  const notify = useNotify()
  return useCallback(
    async (question: Question, format: 'csv' | 'xlsx') => {
      const name = t('list.export.job', { object: label(object.label_plural) })
      try {
        const { id } = await api.exports.start({ object: object.key, format, ...bodyOf(question) })
        const report = (job: Omit<ExportJob, 'id' | 'rate'>) =>
          reportJob({
            id,
            kind: 'export',
            label: name,
            done: job.done,
            total: job.total,
            state: states[job.state],
            href: api.exports.file(id),
            ...(job.problem && { error: job.problem }),
            cancel: () => void api.exports.cancel(id).catch(notify.failed),
          })
        report({ state: 'waiting', done: 0, total: null, problem: null })
        notify.done(t('list.export.started'))
        const end = await follow(id, report)
        if (end.state === 'done') download(api.exports.file(id))
      } catch (error) {
        notify.failed(error)
      }
    },
    [t, label, notify, object],
  )
}
