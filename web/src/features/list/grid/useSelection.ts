/** Which records are chosen, with ranges by Shift as everybody knows them. */
import { useCallback, useMemo, useRef, useState } from 'react'

export interface Selection {
  ids: ReadonlySet<string>
  toggle: (id: string, range: boolean, order: string[]) => void
  set: (ids: Iterable<string>) => void
  clear: () => void
}

export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const anchor = useRef<string | null>(null)
  const set = useCallback((next: Iterable<string>) => setIds(new Set(next)), [])
  const clear = useCallback(() => {
    anchor.current = null
    setIds(new Set())
  }, [])
  const toggle = useCallback((id: string, range: boolean, order: string[]) => {
    setIds((known) => {
      const next = new Set(known)
      const from = anchor.current ? order.indexOf(anchor.current) : -1
      const to = order.indexOf(id)
      if (range && from >= 0 && to >= 0) {
        for (const one of order.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(one)
        return next
      }
      if (!next.delete(id)) next.add(id)
      return next
    })
    anchor.current = id
  }, [])
  return useMemo(() => ({ ids, toggle, set, clear }), [ids, toggle, set, clear])
}
