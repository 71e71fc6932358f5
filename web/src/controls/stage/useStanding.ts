/** Where a record stands, through the query cache; what every part of a page about its stage is drawn from. */
import { queryOptions, useQuery } from '@tanstack/react-query'
import { api } from '@/api/endpoints'
import type { ObjectDescription } from '@/api/types'
import { timelineKey } from '@/kernel/records'

/** A standing tells of tasks, files and activities as well as of the record: any write may change it, as a timeline. */
export const standingQuery = (object: string, id: string) =>
  queryOptions({
    queryKey: [...timelineKey(object, id), 'standing'],
    queryFn: () => api.records.standing(object, id),
  })

export const transitionsQuery = (object: string, id: string) =>
  queryOptions({
    queryKey: [...timelineKey(object, id), 'transitions'],
    queryFn: () => api.records.transitions(object, id),
  })

/** Where the record stands; nothing for an Object without a Process. */
export const useStanding = (object: ObjectDescription, id: string) =>
  useQuery({ ...standingQuery(object.key, id), enabled: object.processes.length > 0 })
