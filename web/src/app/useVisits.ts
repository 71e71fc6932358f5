import { useQuery } from '@tanstack/react-query'
import { useMatch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useMaybeObject } from '@/kernel/describe'
import { rememberRecord } from '@/kernel/recents'
import { recordQuery } from '@/kernel/records'

/** Remembers which records were opened, by the name they have. */
export function useVisits(): void {
  const params = useMatch({ from: '/shell/o/$object/$id', shouldThrow: false })?.params
  const object = useMaybeObject(params?.object)
  const { data } = useQuery({
    ...recordQuery(params?.object ?? '', params?.id ?? ''),
    enabled: Boolean(params),
    retry: false,
  })
  const label = object && data && data.id === params?.id ? String(data[object.name_field] ?? '') : ''
  const id = data?.id
  useEffect(() => {
    if (label && id && object) rememberRecord({ object: object.key, id, label })
  }, [label, id, object])
}
