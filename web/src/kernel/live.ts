/** Live updates: the server hints which Object changed, open pages fetch again. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '@/api/endpoints'
import { refreshRecords } from './records'

interface Hint {
  object?: string | null
}

/** Hints that come in a burst (an import, a bulk edit) lead to one refresh per Object. */
const pause = 400

/** Listens while mounted. The browser reconnects by itself. */
export function useLiveUpdates(): void {
  const client = useQueryClient()
  useEffect(() => {
    const changed = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const flush = () => {
      timer = undefined
      for (const object of changed) {
        if (object === '*') void client.invalidateQueries({ queryKey: ['describe'] })
        else void refreshRecords(client, object)
      }
      changed.clear()
    }
    const source = new EventSource(api.events())
    source.addEventListener('change', (event) => {
      const hint = JSON.parse(event.data as string) as Hint
      changed.add(hint.object ?? '*')
      timer ??= setTimeout(flush, pause)
    })
    return () => {
      source.close()
      clearTimeout(timer)
    }
  }, [client])
}
