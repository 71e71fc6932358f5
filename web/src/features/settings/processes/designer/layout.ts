/** Where the stages of a Process stand in its drawing: open ones in rows from left to right, ends in a column behind. */
import type { DefinedState } from '@/api/types'

export const nodeWidth = 196
export const nodeHeight = 92
const across = nodeWidth + 64
const down = nodeHeight + 72
/** How small a stage may be drawn before there are fewer in one row. */
const least = 0.75
const fewest = 2

export interface Point {
  x: number
  y: number
}

/** How many open stages stand in one row of a drawing that is so wide (CSS pixels). */
export const perRowOf = (width: number): number => Math.max(fewest, Math.floor(width / least / across) - 1)

/** The place of each stage by its key. */
export function placesOf(states: DefinedState[], perRow: number): Map<string, Point> {
  const open = states.filter((one) => one.kind === 'open')
  const ends = states.filter((one) => one.kind !== 'open')
  const columns = Math.min(perRow, Math.max(1, open.length))
  const places = new Map<string, Point>()
  for (const [index, state] of open.entries())
    places.set(state.key, { x: (index % perRow) * across, y: Math.floor(index / perRow) * down })
  for (const [index, state] of ends.entries()) places.set(state.key, { x: columns * across + 24, y: index * down })
  return places
}

/** The number in the order that a stage takes when it is let go at a point: where it stands among the others. */
export function orderAt(states: DefinedState[], perRow: number, key: string, point: Point): number {
  const places = placesOf(states, perRow)
  const own = states.findIndex((one) => one.key === key)
  let nearest = own
  let shortest = Number.POSITIVE_INFINITY
  for (const [index, state] of states.entries()) {
    const place = places.get(state.key)
    if (!place || (state.kind === 'open') !== (states[own]?.kind === 'open')) continue
    const distance = Math.hypot(place.x - point.x, place.y - point.y)
    if (distance < shortest) [nearest, shortest] = [index, distance]
  }
  return nearest
}
