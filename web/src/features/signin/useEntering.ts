import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { SignedIn } from '@/api/types'
import { acceptMe, meQuery, takeLanguage } from '@/kernel/session'

/** Takes over a fresh session and goes on to where the person wanted to go. */
export function useEntering(): (signedIn: SignedIn, next: string | undefined) => Promise<void> {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useCallback(
    async ({ me }, next) => {
      client.clear()
      client.setQueryData(meQuery.queryKey, acceptMe(me))
      await takeLanguage(client, me)
      await navigate({ href: next ?? '/', replace: true })
    },
    [client, navigate],
  )
}
