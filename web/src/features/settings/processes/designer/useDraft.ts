/** The draft while it is edited: kept on the server by itself, with undo and redo, and what the server says about it. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useRef, useState } from 'react'
import { api } from '@/api/endpoints'
import { type ApiProblem, asProblem } from '@/api/problem'
import type { Definition, ProcessDraft } from '@/api/types'
import { completed } from './edits'
import { oneByOne } from './sending'

export const draftKey = (process: string) => ['process-draft', process] as const

export const draftQuery = (process: string) =>
  queryOptions({ queryKey: draftKey(process), queryFn: () => api.processes.draft(process), staleTime: 0 })

export type Saving = 'saved' | 'waiting' | 'saving' | 'failed' | 'outdated'

/** Milliseconds of quiet before a change is sent. */
const quiet = 600
const longestHistory = 100

interface History {
  past: Definition[]
  present: Definition
  future: Definition[]
  /** What was changed last; changes of one thing that follow each other are taken back together. */
  touched: string
}

export interface DraftEditor {
  /** What the server last said; its definition may be behind `definition`. */
  draft: ProcessDraft
  definition: Definition
  /** `touched` names what is being typed in, so that a word is one step of the history. */
  change: (next: Definition, touched?: string) => void
  undo: (() => void) | null
  redo: (() => void) | null
  saving: Saving
  problem: ApiProblem | null
  /** Sends what is not sent yet and waits for the answer; false where it was refused. */
  settle: () => Promise<boolean>
  /** Takes what somebody else saved; own changes since then are lost. */
  reload: () => Promise<void>
  /** Saves over what somebody else saved. */
  overwrite: () => void
}

const startOf = (present: Definition): History => ({ past: [], present, future: [], touched: '' })

/** The draft of a Process, or what one would begin with. */
export const useDraftQuery = (process: string) => useQuery({ ...draftQuery(process), refetchOnWindowFocus: false })

/** Edits a draft that has been read. */
export function useDraft(initial: ProcessDraft): DraftEditor {
  const client = useQueryClient()
  const [draft, setDraft] = useState(initial)
  const [history, setHistory] = useState<History>(() => startOf(initial.definition))
  const [saving, setSaving] = useState<Saving>('saved')
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  // What is sent next is read when it is sent, whatever was drawn meanwhile.
  const latest = useRef(history)
  const sent = useRef(initial.definition)
  const revision = useRef(initial.revision)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const key = initial.key

  const accept = useCallback(
    (answer: ProcessDraft) => {
      revision.current = answer.revision
      setDraft(answer)
      client.setQueryData(draftKey(key), answer)
      void client.invalidateQueries({ queryKey: ['processes'] })
    },
    [client, key],
  )

  const save = async (): Promise<boolean> => {
    const sending = latest.current.present
    setSaving('saving')
    try {
      const answer = await api.processes.saveDraft(key, {
        definition: completed(sending),
        revision: revision.current,
      })
      sent.current = sending
      accept(answer)
      setProblem(null)
      setSaving(latest.current.present === sending ? 'saved' : 'waiting')
      return true
    } catch (error) {
      const refused = asProblem(error)
      setProblem(refused)
      setSaving(refused.status === 409 ? 'outdated' : 'failed')
      return false
    }
  }
  // An editor belongs to one draft, so what `save` was made with stays right.
  const [settle] = useState(() => oneByOne(() => latest.current.present !== sent.current, save))
  const send = useCallback(() => {
    clearTimeout(timer.current)
    return settle()
  }, [settle])

  const later = useCallback(() => {
    clearTimeout(timer.current)
    setSaving((now) => (now === 'outdated' ? now : 'waiting'))
    timer.current = setTimeout(() => void send(), quiet)
  }, [send])

  const show = useCallback(
    (next: (now: History) => History) => {
      const then = next(latest.current)
      if (then === latest.current) return
      latest.current = then
      setHistory(then)
      later()
    },
    [later],
  )

  const change = useCallback(
    (next: Definition, touched = '') =>
      show((now) => {
        if (next === now.present) return now
        const goesOn = touched !== '' && touched === now.touched && now.past.length > 0
        const past = goesOn ? now.past : [...now.past, now.present].slice(-longestHistory)
        return { past, present: next, future: [], touched }
      }),
    [show],
  )
  const undo = () =>
    show((now) => {
      const last = now.past.at(-1)
      if (!last) return now
      return { past: now.past.slice(0, -1), present: last, future: [now.present, ...now.future], touched: '' }
    })
  const redo = () =>
    show((now) => {
      const [next, ...rest] = now.future
      if (!next) return now
      return { past: [...now.past, now.present], present: next, future: rest, touched: '' }
    })

  const restart = useCallback(
    (answer: ProcessDraft) => {
      const { past, present } = latest.current
      latest.current = { past: [...past, present], present: answer.definition, future: [], touched: '' }
      sent.current = answer.definition
      setHistory(latest.current)
      setProblem(null)
      setSaving('saved')
      accept(answer)
    },
    [accept],
  )

  const unload = saving === 'waiting' || saving === 'saving'
  useEffect(() => {
    if (!unload) return
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [unload])
  // Whoever goes to another page within the quiet time loses nothing.
  useEffect(() => () => void send(), [send])

  return {
    draft,
    definition: history.present,
    change,
    undo: history.past.length > 0 ? undo : null,
    redo: history.future.length > 0 ? redo : null,
    saving,
    problem,
    settle: send,
    reload: async () => restart(await api.processes.draft(key)),
    overwrite: () => {
      revision.current = Number(problem?.body.revision ?? revision.current)
      setSaving('waiting')
      void send()
    },
  }
}
