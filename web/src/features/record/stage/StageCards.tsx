import { asProblem } from '@/api/problem'
import type { ObjectDescription, RecordData } from '@/api/types'
import { useStanding } from '@/controls/stage/useStanding'
import { Bones } from '@/ui/Bones'
import { ProblemPanel } from '@/ui/ProblemView'
import { EarlierStays } from './EarlierStays'
import { GateCard } from './GateCard'
import { GuidanceCard } from './GuidanceCard'
import { TasksCard } from './TasksCard'

interface StageCardsProps {
  object: ObjectDescription
  record: RecordData
}

/** What is next: what the move on asks for, the tasks of the stage, how to go about it, and what was done before. */
export function StageCards({ object, record }: StageCardsProps) {
  const { data, error, refetch } = useStanding(object, record.id)
  if (object.processes.length === 0 || (asProblem(error).status === 404 && !data)) return null
  if (!data) return error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : <Bones rows={3} />
  return (
    <>
      {data.gate && <GateCard object={object} record={record} gate={data.gate} />}
      <TasksCard standing={data} />
      <GuidanceCard key={data.state?.key} object={object} record={record} standing={data} />
      <EarlierStays standing={data} />
    </>
  )
}
