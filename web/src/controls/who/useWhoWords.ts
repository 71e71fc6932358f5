/** Whom a part of a Process means, in words. */
import { queryOptions, useQueries, useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ObjectDescription, Who } from '@/api/types'
import { fieldOf, useMaybeObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { recordQuery } from '@/kernel/records'

export const rolesQuery = queryOptions({
  queryKey: ['describe', 'roles'],
  queryFn: api.people.roles,
  staleTime: 10 * 60_000,
  retry: false,
})

/** What a record is called, once it is known. */
export function useRecordLabel(object: string, id: string | undefined): string | undefined {
  const description = useMaybeObject(object)
  const { data } = useQuery({ ...recordQuery(object, id ?? ''), enabled: Boolean(id), retry: false })
  return data && description ? String(data[description.name_field] ?? '') : undefined
}

/** Says each of them; people and departments that are named are read once. */
export function useWhoWords(object: ObjectDescription, all: Who[]): (who: Who) => string {
  const { t } = useTranslation()
  const text = useLabel()
  const { data: roles = [] } = useQuery(rolesQuery)
  const certain = all.flatMap((one): [string, string][] => {
    const id = one.who === 'person' ? one.person : one.who === 'department' ? one.department : undefined
    return id ? [[one.who, id]] : []
  })
  const names = useQueries({
    queries: certain.map(([kind, id]) => ({ ...recordQuery(kind, id), retry: false })),
    combine: (results) => new Map(results.flatMap(({ data }) => (data ? [[data.id, String(data.name ?? '')]] : []))),
  })
  return useCallback(
    (who) => {
      switch (who.who) {
        case 'owner':
          return t('who.owner')
        case 'actor':
          return t('who.actor')
        case 'department_head':
          return t('who.departmentHead')
        case 'manager':
          return t(`who.manager${Math.min(3, who.level ?? 1) as 1 | 2 | 3}`)
        case 'field':
          return text(fieldOf(object, who.field ?? '')?.label) || (who.field ?? '')
        case 'role':
          return text(roles.find((one) => one.key === who.role)?.label) || (who.role ?? '')
        case 'person':
          return names.get(who.person ?? '') ?? t('who.person')
        case 'department':
          return names.get(who.department ?? '') ?? t('who.department')
      }
    },
    [t, text, object, roles, names],
  )
}
