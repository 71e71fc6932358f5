/** Where in a definition a problem is: the server names places such as `states[2].exit[0].condition`. */
import type { Definition } from '@/api/types'
import { approvalsOf, transitionsOf } from './edits'

/** What the designer shows at the side. */
export type Place =
  | { kind: 'state'; key: string; part: string }
  | { kind: 'transition'; key: string; part: string }
  | { kind: 'approval'; key: string; part: string }
  | { kind: 'process'; part: string }

/** The part of the designer that a place of the definition belongs to. */
export function placeOf(definition: Definition, at: string): Place {
  const found = /^(states|transitions|approvals)\[(\d+)\](?:\.([a-z_]+))?/.exec(at)
  const index = Number(found?.[2])
  const part = found?.[3] ?? ''
  const key =
    found?.[1] === 'states'
      ? definition.states[index]?.key
      : found?.[1] === 'transitions'
        ? transitionsOf(definition)[index]?.key
        : approvalsOf(definition)[index]?.key
  if (!found || key === undefined) return { kind: 'process', part: /^[a-z_]+/.exec(at)?.[0] ?? '' }
  if (found[1] === 'states') return { kind: 'state', key, part }
  return { kind: found[1] === 'transitions' ? 'transition' : 'approval', key, part }
}

/** The number within a list that a place names: 0 for `states[2].exit[0].condition` and the part `exit`. */
export function indexWithin(at: string, part: string): number | null {
  const found = new RegExp(`\\.${part}\\[(\\d+)\\]`).exec(at)
  return found ? Number(found[1]) : null
}

/** A place as a link holds it. */
export const addressOf = (place: Place): string =>
  place.kind === 'process' ? `process:${place.part}` : `${place.kind}:${place.key}:${place.part}`

/** The place that a link holds; null where it holds none. */
export function placeAt(address: string | undefined): Place | null {
  const [kind = '', key = '', part = ''] = (address ?? '').split(':')
  if (kind === 'process') return { kind, part: key }
  if (kind !== 'state' && kind !== 'transition' && kind !== 'approval') return null
  return key ? { kind, key, part } : null
}

/** The tab of the designer that shows a place. */
export const tabOf = (place: Place): 'stages' | 'approvals' | 'settings' =>
  place.kind === 'approval' ? 'approvals' : place.kind === 'process' ? 'settings' : 'stages'
