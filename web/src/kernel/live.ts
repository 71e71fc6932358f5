/**
 * Live updates: the server hints which Object changed. Open pages fetch again, except lists: lines that jump under the
 * pointer help nobody, so a list says that there is something new and waits to be asked.
 */
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { api } from '@/api/endpoints'
import { isLineQuery, lastOwnWrite, recordsKey, refreshTimelines } from './records'

interface Hint {
  object?: string | null
  /** Objects whose records go with those of this one: who sees them may have changed as well. */
  carries?: string[]
}

/** Hints that come in a burst (an import, a bulk edit) lead to one refresh per Object. */
const pause = 400
/** Hints so soon after a write of one's own are about that write; the page knows of it already. */
const echo = 2500

let outdated: ReadonlySet<string> = new Set()
const listeners = new Set<() => void>()

function publish(next: ReadonlySet<string>): void {
  outdated = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Whether the lists of an Object show less than is there by now. */
export const useOutdated = (object: string): boolean => useSyncExternalStore(subscribe, () => outdated.has(object))

/** To be called when the lists of an Object were read again. */
export function markCurrent(object: string): void {
  if (outdated.has(object)) publish(new Set([...outdated].filter((one) => one !== object)))
}

function take(client: QueryClient, object: string): void {
  const own = Date.now() - lastOwnWrite(object) < echo
  void client.invalidateQueries({ queryKey: recordsKey(object), predicate: (query) => !isLineQuery(query.queryKey) })
  refreshTimelines(client)
  if (own) return
  void client.invalidateQueries({ queryKey: recordsKey(object), refetchType: 'none' })
  publish(new Set([...outdated, object]))
}

/** What goes with records that changed is fetched again without a word: nothing of it is new by itself. */
function refreshCarried(client: QueryClient, object: string): void {
  const lines = recordsKey(object)
  void client.invalidateQueries({ queryKey: lines, predicate: (query) => !isLineQuery(query.queryKey) })
  void client.invalidateQueries({ queryKey: lines, refetchType: 'none' })
}

/** Listens while mounted. The browser reconnects by itself. */
export function useLiveUpdates(): void {
  const client = useQueryClient()
  useEffect(() => {
    const changed = new Set<string>()
    const carried = new Set<string>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const flush = () => {
      timer = undefined
      if (changed.delete('*')) void client.invalidateQueries()
      for (const object of changed) take(client, object)
      for (const object of carried) if (!changed.has(object)) refreshCarried(client, object)
      changed.clear()
      carried.clear()
    }
    const source = new EventSource(api.events())
    source.addEventListener('change', (event) => {
      const hint = JSON.parse(event.data as string) as Hint
      changed.add(hint.object ?? '*')
      for (const object of hint.carries ?? []) carried.add(object)
      timer ??= setTimeout(flush, pause)
    })
    return () => {
      source.close()
      clearTimeout(timer)
    }
  }, [client])
}
