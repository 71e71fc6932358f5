import { useSyncExternalStore } from 'react'
import { phoneWidth } from './tokens'

const query = window.matchMedia(`(max-width: ${phoneWidth - 1}px)`)

function subscribe(listener: () => void): () => void {
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** Whether the page is as narrow as a phone. */
export const usePhone = (): boolean => useSyncExternalStore(subscribe, () => query.matches)
