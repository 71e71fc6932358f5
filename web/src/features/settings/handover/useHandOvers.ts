import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import type { HandOver, HandOverPlan } from '@/api/types'
import { refreshAllRecords } from '@/kernel/records'
import { useNotify } from '@/ui/useNotify'

export const underWay = (one: HandOver): boolean => ['waiting', 'running', 'undoing'].includes(one.state)

/** The hand-overs, read again every second while one is under way. */
export const handOversQuery = queryOptions({
  queryKey: ['hand-overs'],
  queryFn: api.handOvers.list,
  refetchInterval: (query) => (query.state.data?.some(underWay) ? 1000 : false),
})

/** What somebody holds. */
export const holdingsQuery = (person: string) =>
  queryOptions({ queryKey: ['holdings', person], queryFn: () => api.handOvers.holdings(person), staleTime: 0 })

/** Begins a hand-over; it shows in the list from then on. */
export function useStartHandOver(onBegun: () => void) {
  const client = useQueryClient()
  const notify = useNotify()
  const { t } = useTranslation()
  return useMutation<HandOver, ApiProblem, HandOverPlan>({
    mutationFn: api.handOvers.start,
    onSuccess: () => {
      notify.done(t('handOver.begun'))
      void client.invalidateQueries({ queryKey: handOversQuery.queryKey })
      void client.invalidateQueries({ queryKey: ['login'] })
      onBegun()
    },
    onSettled: () => refreshAllRecords(client),
  })
}

/** Takes a hand-over back as a whole. */
export function useUndoHandOver() {
  const client = useQueryClient()
  const notify = useNotify()
  const { t } = useTranslation()
  return useMutation<HandOver, ApiProblem, string>({
    mutationFn: api.handOvers.undo,
    onSuccess: () => notify.done(t('handOver.undoBegun')),
    onError: notify.failed,
    onSettled: () => client.invalidateQueries({ queryKey: handOversQuery.queryKey }),
  })
}
