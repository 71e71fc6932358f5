import { useQuery } from '@tanstack/react-query'
import type { ObjectDescription, RecordData } from '@/api/types'
import { StageTasks } from '../stage/StageTasks'
import { standingQuery } from '../stage/useStanding'

/** The must-tasks that are still open, to be checked off where the gate asks for them. */
export function OpenTasks({ object, record }: { object: ObjectDescription; record: RecordData }) {
  const { data } = useQuery(standingQuery(object.key, record.id))
  const open = data?.tasks.filter((task) => task.must && task.status === 'open') ?? []
  if (!data?.task_form || open.length === 0) return null
  return <StageTasks tasks={open} form={data.task_form} />
}
