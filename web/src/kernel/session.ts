/** Who is signed in, and what they chose about the pages themselves. */
import { type QueryClient, queryOptions, useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { setCsrf } from '@/api/client'
import { api } from '@/api/endpoints'
import type { Me } from '@/api/types'
import { changeLanguage, currentLanguage, type Language } from '@/i18n'
import { dayIn } from './format'
import { useLanguage } from './language'
import { chosenLanguage, storeLanguage } from './preferences'

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: async () => acceptMe(await api.me.get()),
  staleTime: 5 * 60_000,
  retry: false,
})

/** Takes over what a fresh answer about the actor says: the CSRF token for every later write. */
export function acceptMe(me: Me): Me {
  setCsrf(me.csrf)
  return me
}

/** The person signed in. Only for pages behind the sign-in. */
export function useMe(): Me {
  return useSuspenseQuery(meQuery).data
}

/** What formatting needs: language, zone and today's day in it. */
export interface Locale {
  language: Language
  zone: string
  today: string
  currency: string
}

/** The locale of the actor, for the functions of `format`. */
export function useLocale(): Locale {
  const me = useMe()
  const language = useLanguage()
  const today = dayIn(Date.now(), me.zone)
  const currency = me.organisation.currency
  return useMemo(() => ({ language, zone: me.zone, today, currency }), [language, me.zone, today, currency])
}

/**
 * Brings the pages and the person together: what was chosen in this browser counts and is kept with the person, else
 * the pages take the person's language.
 */
export async function takeLanguage(client: QueryClient, me: Me): Promise<void> {
  const chosen = chosenLanguage()
  if (chosen && chosen !== me.language) {
    client.setQueryData(meQuery.queryKey, acceptMe(await api.me.change({ language: chosen })))
  } else if (!chosen && me.language && me.language !== currentLanguage()) await changeLanguage(me.language)
}

/** Switches the language now and keeps the choice with the person. */
export function useSetLanguage(): (language: Language) => Promise<void> {
  const client = useQueryClient()
  return useCallback(
    async (language) => {
      await changeLanguage(language)
      storeLanguage(language)
      if (client.getQueryData(meQuery.queryKey)) {
        client.setQueryData(meQuery.queryKey, acceptMe(await api.me.change({ language })))
      }
    },
    [client],
  )
}
