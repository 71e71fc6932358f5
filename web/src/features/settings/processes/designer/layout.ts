/** Where the stages of a Process stand in its drawing: open ones in rows from left to right, ends in a column behind. */
import type { DefinedState } from '@/api/types'

export const nodeWidth = 196
export const nodeHeight = 92
const across = nodeWidth + 64
const down = nodeHeight + 72
export interface Point {
  x: number
  y: number
}

/** How small a stage may be drawn before there are fewer in one row. */
const smallest = 0.75
const fewest = 2
/** From so many columns on, the ends stand beside the open stages and not below them. */
const enough = 4

export interface Shape {
  /** Open stages in one row. */
  perRow: number
  endsBeside: boolean
}

/** How a drawing that is so wide (CSS pixels) is laid out. */
export function shapeOf(width: number): Shape {
  const columns = Math.max(fewest, Math.floor(width / smallest / across))
  const endsBeside = columns >= enough
  return { perRow: endsBeside ? columns - 1 : columns, endsBeside }
}

/** The place of each stage by its key. */
export function placesOf(states: DefinedState[], { perRow, endsBeside }: Shape): Map<string, Point> {
  const open = states.filter((one) => one.kind === 'open')
  const ends = states.filter((one) => one.kind !== 'open')
  const columns = Math.min(perRow, Math.max(1, open.length))
  const rows = Math.ceil(open.length / perRow)
  const places = new Map<string, Point>()
  const inRows = (index: number, from: number): Point => ({
    x: (index % perRow) * across,
    y: (from + Math.floor(index / perRow)) * down,
  })
  for (const [index, state] of open.entries()) places.set(state.key, inRows(index, 0))
  for (const [index, state] of ends.entries())
    places.set(state.key, endsBeside ? { x: columns * across + 24, y: index * down } : inRows(index, rows))
  return places
}

/** The rectangle around all of them. */
export function boundsOf(places: Map<string, Point>): Point & { width: number; height: number } {
  const all = [...places.values()]
  const width = Math.max(0, ...all.map((one) => one.x)) + nodeWidth
  const height = Math.max(0, ...all.map((one) => one.y)) + nodeHeight
  return { x: 0, y: 0, width, height }
}

/** The number in the order that a stage takes when it is let go at a point: where it stands among the others. */
export function orderAt(states: DefinedState[], shape: Shape, key: string, point: Point): number {
  const places = placesOf(states, shape)
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
