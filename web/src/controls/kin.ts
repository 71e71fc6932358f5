/** Records that belong with the one being entered: for the contact of a deal, the contacts of the deal's account. */
import { useQueries, useQuery } from '@tanstack/react-query'
import type { Field, LinkValue, ObjectDescription } from '@/api/types'
import { objectQuery, useMaybeObject } from '@/kernel/describe'
import { recordQuery } from '@/kernel/records'
import { readLink } from './types/link'

/** A link that is entered beside others of its record. */
export interface Beside {
  field: Field
  object: ObjectDescription
  record: Record<string, unknown>
}

/** What the chosen records have in common with the one being entered: they link to the same record by `field`. */
export interface Kin extends LinkValue {
  field: string
}

/** How both come to link to the same: the chosen one by `field`, the entered one by `sibling`, or `through` that one. */
export interface KinPath {
  field: string
  sibling: Field
  through: string | null
}

const linksOf = (object: ObjectDescription): Field[] =>
  object.fields.filter((one) => one.type === 'link' && !one.computed && one.target)

/** The other links of the record that are filled. */
export const siblingsOf = ({ field, object, record }: Beside): Field[] =>
  linksOf(object).filter((one) => one.key !== field.key && readLink(record[one.key]))

/** The nearest way, one that needs no third record first; null where there is none. */
export function kinPath(
  target: ObjectDescription,
  siblings: Field[],
  known: ReadonlyMap<string, ObjectDescription>,
): KinPath | null {
  const ways = linksOf(target).filter((one) => one.target !== target.key)
  for (const sibling of siblings) {
    const way = ways.find((one) => one.target === sibling.target)
    if (way) return { field: way.key, sibling, through: null }
  }
  for (const sibling of siblings) {
    const between = known.get(sibling.target ?? '')
    for (const through of between ? linksOf(between) : []) {
      const way = ways.find((one) => one.target === through.target)
      if (way) return { field: way.key, sibling, through: through.key }
    }
  }
  return null
}

/** What the records to choose from may have in common with the one being entered; undefined until it is known. */
export function useKin(target: string, beside: Beside | undefined, enabled: boolean): Kin | null | undefined {
  const object = useMaybeObject(enabled && beside ? target : null)
  const siblings = enabled && beside ? siblingsOf(beside) : []
  const described = useQueries({
    queries: siblings.map((one) => ({ ...objectQuery(one.target ?? ''), retry: false })),
  })
  const known = new Map(described.flatMap(({ data }) => (data ? [[data.key, data] as const] : [])))
  const path = object ? kinPath(object, siblings, known) : null
  const sibling = path && beside ? readLink(beside.record[path.sibling.key]) : null
  const through = path?.through ?? null
  const third = useQuery({
    ...recordQuery(path?.sibling.target ?? '', sibling?.id ?? ''),
    enabled: Boolean(through && sibling),
    retry: false,
  })
  if (siblings.length === 0) return null
  if (!object || described.some((one) => one.isPending) || (through && third.isPending)) return undefined
  const common = through ? readLink(third.data?.[through]) : sibling
  return path && common ? { ...common, field: path.field } : null
}
