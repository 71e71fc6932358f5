/** Paths over links (`account.industry`): the Field at their end and how they are called. */
import { useQueries } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Field, ObjectDescription, Text } from '@/api/types'
import { fieldOf, objectQuery } from './describe'

/** The most links a path may follow. */
export const maximumHops = 3

export interface PathField {
  path: string
  /** The Field at the end of the path. */
  field: Field
  /** The labels of the steps, the first link first. */
  labels: Text[]
  /** The Object that owns the Field at the end. */
  owner: ObjectDescription
}

function resolve(root: ObjectDescription, path: string, others: Map<string, ObjectDescription>): PathField | undefined {
  let owner: ObjectDescription | undefined = root
  const labels: Text[] = []
  const steps = path.split('.')
  for (const [index, step] of steps.entries()) {
    const field: Field | undefined = owner && fieldOf(owner, step)
    if (!owner || !field) return undefined
    labels.push(field.label)
    if (index === steps.length - 1) return { path, field, labels, owner }
    owner = field.target ? others.get(field.target) : undefined
  }
  return undefined
}

/** The Objects that the first steps of the paths lead to, as far as they are known yet. */
function targetsOf(root: ObjectDescription, paths: string[], known: Map<string, ObjectDescription>): string[] {
  const targets = new Set<string>()
  for (const path of paths) {
    let owner: ObjectDescription | undefined = root
    for (const step of path.split('.').slice(0, -1)) {
      const target: string | null | undefined = owner && fieldOf(owner, step)?.target
      if (!target) break
      targets.add(target)
      owner = known.get(target)
    }
  }
  return [...targets].sort()
}

function useDescriptions(keys: string[]): Map<string, ObjectDescription> {
  return useQueries({
    queries: keys.map((key) => ({ ...objectQuery(key), retry: false })),
    combine: (results) => new Map(results.flatMap(({ data }) => (data ? [[data.key, data] as const] : []))),
  })
}

/** Each path with its Field; paths that lead nowhere (or not yet) are left out. */
export function usePathFields(root: ObjectDescription, paths: string[]): Map<string, PathField> {
  const first = useDescriptions(targetsOf(root, paths, new Map()))
  const second = useDescriptions(targetsOf(root, paths, first))
  const known = useDescriptions(targetsOf(root, paths, second))
  const key = paths.join('\n')
  return useMemo(() => {
    const found = new Map<string, PathField>()
    for (const path of key ? key.split('\n') : []) {
      const one = resolve(root, path, known)
      if (one) found.set(path, one)
    }
    return found
  }, [root, key, known])
}
