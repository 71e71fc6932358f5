import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api } from '@/api/endpoints'
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

/**
 * Takes an action back and reads everything on the page again: the one named, which may no longer be the last; left out,
 * the actor's last one.
 */
export function useUndo(): (action?: string) => Promise<void> {
  const client = useQueryClient()
  return useCallback(
    async (action) => {
      await api.undo.run(action)
      await refreshAllRecords(client)
    },
    [client],
  )
}
