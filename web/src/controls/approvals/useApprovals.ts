/** Approvals through the query cache: of a record, one, the lists, and what can be done about one. */
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Approval, ApprovalDetail, Decide } from '@/api/types'
import { approvalsKey, recordsKey, refreshRecords } from '@/kernel/records'
import { useNotify } from '@/ui/useNotify'

export const approvalCountsQuery = queryOptions({
  queryKey: [...approvalsKey, 'counts'],
  queryFn: api.approvals.counts,
  refetchInterval: 60_000,
  staleTime: 10_000,
})

export const approvalQuery = (id: string) =>
  queryOptions({ queryKey: [...approvalsKey, 'one', id], queryFn: () => api.approvals.get(id) })

/** The approvals of a record, and those that can be started on it. */
export const useRecordApprovals = (object: string, record: string) =>
  useQuery({
    queryKey: [...recordsKey(object), 'approvals', record],
    queryFn: () => api.approvals.ofRecord(object, record),
  })

function refresh(client: QueryClient, object: string): Promise<unknown> {
  return Promise.all([refreshRecords(client, object), client.invalidateQueries({ queryKey: approvalsKey })])
}

/** What a person can do about an approval. */
export type Deed =
  | ({ deed: 'decide' } & Decide)
  | { deed: 'delegate'; to: string; comment?: string; step?: string }
  | { deed: 'add'; people: string[]; when: 'before' | 'after'; comment?: string; step?: string }
  | { deed: 'recall'; comment?: string }

function run(id: string, { deed, ...body }: Deed): Promise<ApprovalDetail> {
  if (deed === 'decide') return api.approvals.decide(id, body as Decide)
  if (deed === 'delegate') return api.approvals.delegate(id, body as { to: string })
  if (deed === 'add') return api.approvals.addSign(id, body as { people: string[]; when: 'before' | 'after' })
  return api.approvals.recall(id, body)
}

/** Carries a deed out and says so; what the server refuses is told as well. */
export function useDeed(approval: Approval, onDone?: (changed: ApprovalDetail) => void) {
  const client = useQueryClient()
  const notify = useNotify()
  const { t } = useTranslation()
  return useMutation<ApprovalDetail, unknown, Deed>({
    mutationFn: (deed) => run(approval.id, deed),
    onSuccess: (changed, deed) => {
      notify.done(t(`approvals.done.${deed.deed === 'decide' ? deed.decision : deed.deed}`))
      client.setQueryData(approvalQuery(approval.id).queryKey, changed)
      onDone?.(changed)
    },
    onError: (error) => notify.failed(error),
    onSettled: () => refresh(client, approval.object),
  })
}

/** Reminds whose turn it is. */
export function useRemind(approval: Approval) {
  const client = useQueryClient()
  const notify = useNotify()
  const { t } = useTranslation()
  return useMutation<{ people: string[] }>({
    mutationFn: () => api.approvals.remind(approval.id),
    onSuccess: ({ people }) => notify.done(t('approvals.reminded', { who: people.join('、') })),
    onError: (error) => notify.failed(error),
    onSettled: () => refresh(client, approval.object),
  })
}

/** Starts an approval on a record. */
export function useStartApproval(object: string, record: string) {
  const client = useQueryClient()
  const notify = useNotify()
  return useMutation<ApprovalDetail, unknown, { approval: string; comment?: string }>({
    mutationFn: (body) => api.approvals.start(object, record, body),
    onError: (error) => notify.failed(error),
    onSettled: () => refresh(client, object),
  })
}
