/** How long the cards of a board have been where they are, and what they owe their stage: one question for many. */
import { useQuery } from '@tanstack/react-query'
import { api } from '@/api/endpoints'
import type { CardStanding, ObjectDescription, RecordData } from '@/api/types'
import { timelineKey } from '@/kernel/records'

const most = 1000

export type CardStandings = Record<string, CardStanding>

export function useCardStandings(object: ObjectDescription, cards: RecordData[], enabled: boolean): CardStandings {
  const ids = cards.slice(0, most).map((card) => card.id)
  const { data } = useQuery({
    queryKey: [...timelineKey(object.key, 'cards'), ids],
    queryFn: () => api.records.standings(object.key, ids),
    enabled: enabled && ids.length > 0,
    placeholderData: (before) => before,
  })
  return data ?? {}
}
