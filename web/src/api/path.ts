import type { paths } from './schema'

/** A path of the API as the OpenAPI document names it, without the common beginning. */
export type ApiPath = keyof paths extends infer P ? (P extends `/api/v1${infer Rest}` ? Rest : never) : never

type Names<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never

/** Fills the names of a path in. A path that the server does not have does not compile. */
export function at<P extends ApiPath>(
  path: P,
  ...[values]: [Names<P>] extends [never] ? [] : [Record<Names<P>, string>]
): string {
  const named = values as Record<string, string> | undefined
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(named?.[name] ?? ''))
}

/** A path with a query behind it; what is undefined or null is left out. */
export function withQuery(path: string, query: Record<string, string | number | null | undefined>): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null)
  const search = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()
  return search ? `${path}?${search}` : path
}
