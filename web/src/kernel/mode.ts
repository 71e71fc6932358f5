/** Whether an Object's records were last looked at as a list or as a board, remembered in this browser. */
import type { ObjectSummary } from '@/api/types'

export type Mode = 'list' | 'board'

const keyOf = (object: string) => `liaoran.mode.${object}`

export const rememberMode = (object: string, mode: Mode): void => localStorage.setItem(keyOf(object), mode)

/** The remembered way; Objects with a Process start as a board. */
export function modeOf(object: Pick<ObjectSummary, 'key'> & { processes: unknown[] }): Mode {
  if (object.processes.length === 0) return 'list'
  return localStorage.getItem(keyOf(object.key)) === 'list' ? 'list' : 'board'
}

/** The route of an Object's records in the remembered way. */
export const routeOf = (object: Parameters<typeof modeOf>[0]): '/o/$object' | '/o/$object/board' =>
  modeOf(object) === 'board' ? '/o/$object/board' : '/o/$object'
