/** Long jobs that go on while people do something else; the notification place of the shell shows them. */
import { useSyncExternalStore } from 'react'

export interface Job {
  id: string
  kind: 'export' | 'import' | 'undo'
  label: string
  /** Rows done so far and, where known, of how many. */
  done: number
  total: number | null
  state: 'running' | 'done' | 'failed' | 'cancelled'
  /** Where the result is: a file to fetch, or a page of the application. */
  href?: string
  page?: string
  error?: string
  cancel?: () => void
}

let jobs: readonly Job[] = []
const listeners = new Set<() => void>()

function publish(next: readonly Job[]): void {
  jobs = next
  for (const listener of listeners) listener()
}

/** Adds a job or brings what is known about it up to date. */
export function reportJob(job: Job): void {
  const known = jobs.some((one) => one.id === job.id)
  publish(known ? jobs.map((one) => (one.id === job.id ? { ...one, ...job } : one)) : [job, ...jobs])
}

export const dismissJob = (id: string): void => publish(jobs.filter((job) => job.id !== id))

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export const useJobs = (): readonly Job[] => useSyncExternalStore(subscribe, () => jobs)
