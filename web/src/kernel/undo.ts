import { useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { ApiProblem } from '@/api/problem'
import { reportJob } from './jobs'
import { refreshAllRecords } from './records'

interface KeptAction {
  action: string | undefined
  onAction: (id: string) => void
}

/** Goes along with a write and keeps the id of its action, by which exactly that write is taken back. */
export function keepAction(): KeptAction {
  const kept: KeptAction = {
    action: undefined,
    onAction: (id) => {
      kept.action = id
    },
  }
  return kept
}

const firstPause = 500
const longestPause = 3000

/**
 * Follows an undo in the background to its end; the notification place shows it meanwhile. Throws where the action
 * still stands afterwards.
 */
async function follow(action: string, t: TFunction): Promise<void> {
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    const { state, label, records } = await api.undo.state(action)
    const told = { stands: 'failed', undoing: 'running', undone: 'done' } as const
    const error = t('shell.jobs.undoRefused')
    reportJob({
      id: action,
      kind: 'undo',
      label: t('shell.jobs.undo', { action: label }),
      done: state === 'undone' ? records : 0,
      total: records,
      state: told[state],
      ...(state === 'stands' && { error }),
    })
    if (state === 'undone') return
    if (state === 'stands') throw new ApiProblem(409, { code: 'still_stands', detail: error })
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
}

/**
 * Takes an action back and reads everything on the page again: the one named, which may no longer be the last; left out,
 * the actor's last one. A large one goes back in the background; the promise is kept when it is through.
 */
export function useUndo(): (action?: string) => Promise<void> {
  const client = useQueryClient()
  const { t } = useTranslation()
  return useCallback(
    async (action) => {
      const answer = await api.undo.run(action)
      if (!('undone' in answer)) await follow(answer.action, t)
      await refreshAllRecords(client)
    },
    [client, t],
  )
}
