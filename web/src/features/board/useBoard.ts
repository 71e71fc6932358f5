/** Reading a board through the query cache, and moving a card in it before the server has answered. */
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useMemo, useState } from 'react'
import { api } from '@/api/endpoints'
import type { Board, BoardState, Condition, ObjectDescription, Process, RecordData, SortKey } from '@/api/types'
import { both } from '@/kernel/conditions'
import { fieldOf } from '@/kernel/describe'
import { recordsKey } from '@/kernel/records'

export interface BoardQuestion {
  where: Condition | null
  q?: string
  sort: SortKey[]
  as_of?: string
}

const cardsAtFirst = 30
const cardsMore = 60

/** The Fields a card needs: those it shows, those that sums and moves need. */
export function cardSelection(object: ObjectDescription, process: Process): string[] {
  const shown = object.layouts.board?.card ?? []
  const wanted = [object.name_field, ...shown, process.field, process.process_field, process.sum_field]
  const currency = process.sum_field ? fieldOf(object, process.sum_field)?.currency_field : null
  const known = [...wanted, currency].filter((key): key is string => Boolean(key && fieldOf(object, key)))
  return [...new Set(known)]
}

export function useBoard(object: ObjectDescription, process: Process, question: BoardQuestion) {
  const client = useQueryClient()
  const key = useMemo(
    () => [...recordsKey(object.key), 'board', process.key, question],
    [object.key, process.key, question],
  )
  const select = useMemo(() => cardSelection(object, process), [object, process])
  const result = useQuery<Board>({
    queryKey: key,
    queryFn: ({ signal }) => api.board(process.key, { ...question, select, per_state: cardsAtFirst }, signal),
    placeholderData: keepPreviousData,
  })

  /** Shows the card in its new column at once; gives back what puts everything as it was. */
  const showMoved = useCallback(
    (record: RecordData, to: string): (() => void) => {
      const before = client.getQueryData<Board>(key)
      const from = String(record[process.field])
      if (before && from !== to) client.setQueryData<Board>(key, withMoved(before, record, from, to, process, object))
      return () => client.setQueryData(key, before)
    },
    [client, key, object, process],
  )
  return { ...result, select, showMoved }
}

/** The cards of one column beyond the first ones, fetched as one scrolls. */
export function useMoreCards(
  object: ObjectDescription,
  process: Process,
  state: BoardState,
  question: BoardQuestion,
  select: string[],
) {
  const inState: Condition = {
    all: [
      { field: process.field, op: 'eq', value: state.key },
      ...(process.process_field ? [{ field: process.process_field, op: 'eq', value: process.key }] : []),
    ],
  }
  const [wanted, setWanted] = useState(false)
  const more = useInfiniteQuery({
    queryKey: [...recordsKey(object.key), 'board-column', process.key, state.key, question, state.next_cursor],
    enabled: wanted && state.next_cursor !== null,
    initialPageParam: state.next_cursor,
    queryFn: ({ pageParam, signal }) => {
      const { where, ...rest } = question
      const body = { ...rest, where: both(where, inState), select, limit: cardsMore, cursor: pageParam }
      return api.records.query(object.key, body, signal)
    },
    getNextPageParam: (page) => page.next_cursor,
  })
  const cards = useMemo(() => {
    const seen = new Set<string>()
    const here = (record: RecordData) => record[process.field] === state.key
    const all = [...state.records, ...(more.data?.pages.flatMap((page) => page.records) ?? [])]
    return all.filter((record) => here(record) && !seen.has(record.id) && seen.add(record.id))
  }, [more.data, process.field, state.key, state.records])
  const hasMore = more.data ? more.hasNextPage : state.next_cursor !== null
  const fetchMore = () => {
    if (!hasMore || more.isFetching) return
    if (more.data) void more.fetchNextPage()
    else setWanted(true)
  }
  return { cards, hasMore, fetchMore, fetching: more.isFetching }
}

function withMoved(
  board: Board,
  record: RecordData,
  from: string,
  to: string,
  process: Process,
  object: ObjectDescription,
): Board {
  const moved = { ...record, [process.field]: to }
  const states = board.states.map((state) => {
    if (state.key === from) {
      const records = state.records.filter((one) => one.id !== record.id)
      return { ...state, records, count: state.count - 1, sums: shifted(state, record, -1, process, object) }
    }
    if (state.key === to) {
      const records = [moved, ...state.records.filter((one) => one.id !== record.id)]
      return { ...state, records, count: state.count + 1, sums: shifted(state, record, 1, process, object) }
    }
    return state
  })
  return { ...board, states }
}

function shifted(
  state: BoardState,
  record: RecordData,
  sign: 1 | -1,
  process: Process,
  object: ObjectDescription,
): BoardState['sums'] {
  const field = process.sum_field
  const amount = field ? Number(record[field] ?? 0) : 0
  if (!field || !amount) return state.sums
  const currencyField = fieldOf(object, field)?.currency_field
  const currency = currencyField ? String(record[currencyField] ?? '') : ''
  const sums = state.sums[field] ?? {}
  return { ...state.sums, [field]: { ...sums, [currency]: (sums[currency] ?? 0) + sign * amount } }
}
