/** The sharing of a record: read through the query cache, given, changed, ended and taken back. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ApiProblem } from '@/api/problem'
import type { NewShare, Share, ShareChange } from '@/api/types'
import { recordsKey, refreshFigures } from '@/kernel/records'
import { useNotify } from '@/ui/useNotify'

/** A record, as its sharing is asked for. */
export interface Shared {
  object: string
  record: string
}

const sharingKey = ({ object, record }: Shared) => [...recordsKey(object), 'sharing', record] as const

export const useSharing = (shared: Shared) =>
  useQuery({ queryKey: sharingKey(shared), queryFn: () => api.sharing.get(shared.object, shared.record) })

/** To whom a share was given. */
export const takerOf = (share: Share): string => share.person?.label ?? share.department?.label ?? ''

/** Gives a share; refused ones stay in the dialog with the reason. */
export function useGiveShare(shared: Shared, onDone: () => void) {
  const client = useQueryClient()
  const notify = useNotify()
  const { t } = useTranslation()
  const { end } = useShareActions(shared)
  return useMutation<Share, ApiProblem, NewShare>({
    mutationFn: (body) => api.sharing.give(shared.object, shared.record, body),
    onSuccess: (share) => {
      notify.done(t('sharing.given', { name: takerOf(share) }), () => void end(share, false))
      onDone()
    },
    onSettled: () => refreshFigures(client, shared.object),
  })
}

/** Changing, ending and following; each says what came of it and how to take it back. */
export function useShareActions(shared: Shared) {
  const client = useQueryClient()
  const notify = useNotify()
  const { t } = useTranslation()
  const attempt = async (work: () => Promise<unknown>, done?: () => void) => {
    try {
      await work()
      done?.()
    } catch (thrown) {
      notify.failed(thrown)
    } finally {
      void refreshFigures(client, shared.object)
    }
  }
  const put = (share: Share, body: ShareChange) => api.sharing.change(shared.object, shared.record, share.id, body)
  const former = ({ level, role, ends_at, note }: Share): ShareChange => ({ level, role, ends_at, note })
  const change = (share: Share, body: ShareChange) =>
    attempt(
      () => put(share, body),
      () =>
        notify.done(
          t('sharing.changed', { name: takerOf(share) }),
          () => void attempt(() => put(share, former(share))),
        ),
    )
  /** Lets a share run on as it did before it ended; one whose end is past runs on without an end. */
  const reopen = (share: Share) => {
    const over = share.ends_at !== null && new Date(share.ends_at) <= new Date()
    return attempt(
      () => put(share, { ends_at: over ? null : share.ends_at }),
      () => notify.done(t('sharing.given', { name: takerOf(share) })),
    )
  }
  const end = (share: Share, undoable = true) =>
    attempt(
      () => api.sharing.end(shared.object, shared.record, share.id),
      () => {
        const back = undoable && !share.mine ? () => void reopen(share) : undefined
        notify.done(t('sharing.ended', { name: takerOf(share) }), back)
      },
    )
  const follow = (people?: string[]) => attempt(() => api.sharing.follow(shared.object, shared.record, people))
  const unfollow = (person: string) => attempt(() => api.sharing.unfollow(shared.object, shared.record, person))
  return { change, end, reopen, follow, unfollow }
}
