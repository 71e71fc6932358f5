import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { ApiProblem } from '@/api/problem'
import type { ExportJob, ObjectDescription } from '@/api/types'
import { type Job, reportJob } from '@/kernel/jobs'
import { useLabel } from '@/kernel/language'
import { useNotify } from '@/ui/useNotify'
import { bodyOf, type Question } from './useRows'

const firstPause = 300
const longestPause = 2000
const pauseWhileAsked = 15_000

const states: Record<ExportJob['state'], Job['state']> = {
  asked: 'running',
  refused: 'failed',
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
    if (job.state === 'asked') pause = Math.max(pause, pauseWhileAsked)
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

function download(address: string): void {
  const link = document.createElement('a')
  link.href = address
  link.download = ''
  link.click()
}

/** What an administrator wants to know before so much leaves. */
export interface NeedsApproval {
  rows: number
  limit: number
}

/**
 * Starts an export; its progress shows in the notification place, the file comes by itself. Where it has more rows than go
 * without an administrator's word, `askWhy` is asked for the reason; without one nothing is exported.
 */
export function useExport(object: ObjectDescription, askWhy: (asked: NeedsApproval) => Promise<string | null>) {
  const { t } = useTranslation()
  const label = useLabel()
  const notify = useNotify()
  return useCallback(
    async (question: Question, format: 'csv' | 'xlsx') => {
      const name = t('list.export.job', { object: label(object.label_plural) })
      try {
        const body = { object: object.key, format, ...bodyOf(question) }
        const started = await api.exports.start(body).catch(async (error: unknown) => {
          if (!(error instanceof ApiProblem) || error.code !== 'approval_needed') throw error
          const reason = await askWhy({ rows: Number(error.body.rows), limit: Number(error.body.limit) })
          return reason === null ? null : api.exports.start({ ...body, reason })
        })
        if (!started) return
        const { id } = started
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
        report({ state: started.state, done: 0, total: null, problem: null })
        notify.done(t(started.state === 'asked' ? 'list.export.approval.asked' : 'list.export.started'))
        const end = await follow(id, report)
        if (end.state === 'done') download(api.exports.file(id))
      } catch (error) {
        notify.failed(error)
      }
    },
    [t, label, notify, object, askWhy],
  )
}
