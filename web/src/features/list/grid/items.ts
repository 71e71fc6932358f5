/** The lines of a grid: records, and for a grouped list the heads of the groups between them. */
import type { RecordData } from '@/api/types'
import type { Group } from '../useGroups'

export type Item =
  | { kind: 'record'; key: string; record: RecordData }
  | { kind: 'group'; key: string; group: Group }
  | { kind: 'more'; key: string; group: Group }
  | { kind: 'bones'; key: string }

export const recordItems = (records: RecordData[], loading: boolean): Item[] => [
  ...records.map((record) => ({ kind: 'record' as const, key: record.id, record })),
  ...(loading ? Array.from({ length: 6 }, (_, index) => ({ kind: 'bones' as const, key: `bones-${index}` })) : []),
]

export const groupItems = (groups: Group[]): Item[] =>
  groups.flatMap((group) => {
    const head: Item = { kind: 'group', key: group.key, group }
    if (!group.open) return [head]
    const bones = group.loading && group.records.length === 0 ? Math.min(group.count, 4) : 0
    return [
      head,
      ...group.records.map((record) => ({ kind: 'record' as const, key: `${group.key}/${record.id}`, record })),
      ...Array.from({ length: bones }, (_, index) => ({ kind: 'bones' as const, key: `${group.key}/bones-${index}` })),
      ...(group.more || group.records.length < group.count
        ? group.records.length > 0
          ? [{ kind: 'more' as const, key: `${group.key}/more`, group }]
          : []
        : []),
    ]
  })
