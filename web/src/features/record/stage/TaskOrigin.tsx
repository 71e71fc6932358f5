import { useQuery } from '@tanstack/react-query'
import { Milestone } from 'lucide-react'
import { api } from '@/api/endpoints'
import type { ObjectDescription, RecordData } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { recordsKey } from '@/kernel/records'
import styles from './stage.module.css'

/** Which action of which stage a task was made for. */
export function TaskOrigin({ object, record }: { object: ObjectDescription; record: RecordData }) {
  const label = useLabel()
  const { data } = useQuery({
    queryKey: [...recordsKey(object.key), 'origin', record.id],
    queryFn: () => api.records.origin(object.key, record.id),
    enabled: object.task,
  })
  if (!data?.label) return null
  return (
    <p className={styles.origin}>
      <Milestone size={14} aria-hidden />
      {label(data.label)}
    </p>
  )
}
