/** One import through the query cache: read again while it works, changed by plans and steps. */
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import { refreshRecords } from '@/kernel/records'
import type { ImportJob, ImportState, Plan } from './types'

const working: ImportState[] = ['waiting', 'running', 'cancelling']
const pollEvery = 700

export const isWorking = (job: ImportJob): boolean => working.includes(job.state)

export const importsQuery = queryOptions({
  queryKey: ['imports', 'list'],
  queryFn: async () => {
    const answer = await api.imports.list<ImportJob[] | { imports: ImportJob[] }>()
    return Array.isArray(answer) ? answer : answer.imports
  },
})

export const importKey = (id: string) => ['imports', 'one', id] as const

export function useImport(id: string) {
  return useQuery({
    queryKey: importKey(id),
    queryFn: () => api.imports.get<ImportJob>(id),
    refetchInterval: ({ state }) => (state.data && isWorking(state.data) ? pollEvery : false),
  })
}

export type Step = 'dry-run' | 'start' | 'cancel' | 'undo'

export function useImportChanges(job: ImportJob) {
  const client = useQueryClient()
  const accept = (changed: ImportJob) => {
    client.setQueryData(importKey(job.id), changed)
    void client.invalidateQueries({ queryKey: importsQuery.queryKey })
  }
  const plan = useMutation<ImportJob, ApiProblem, Plan>({
    mutationFn: (next) => api.imports.plan<ImportJob>(job.id, next),
    onSuccess: accept,
  })
  const step = useMutation<ImportJob, ApiProblem, Step>({
    mutationFn: (name) => api.imports.run<ImportJob>(job.id, name),
    onSuccess: (changed) => {
      accept(changed)
      void refreshRecords(client, job.object)
      void client.invalidateQueries({ queryKey: ['describe'] })
    },
  })
  return { plan, step }
}
