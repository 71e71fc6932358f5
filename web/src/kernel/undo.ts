import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { api } from '@/api/endpoints'
import { refreshAllRecords } from './records'

/** Takes back the actor's last action (or a named one) and reads everything on the page again. */
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
