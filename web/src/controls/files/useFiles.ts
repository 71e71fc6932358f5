/** The files of a record: read through the query cache, sent one after the other, changed and brought back. */
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import { ApiProblem, asProblem } from '@/api/problem'
import type { RecordFile } from '@/api/types'
import { formatSize } from '@/kernel/format'
import { useLanguage } from '@/kernel/language'
import { recordsKey, refreshFigures } from '@/kernel/records'
import { useNotify } from '@/ui/useNotify'

/** A record, as its files are asked for. */
export interface Owner {
  object: string
  record: string
}

export const documentTypesQuery = queryOptions({
  queryKey: ['document-types'],
  queryFn: api.documentTypes.list,
  staleTime: 5 * 60_000,
})

const limitsQuery = queryOptions({
  queryKey: ['file-limits'],
  queryFn: api.files.limits,
  staleTime: Number.POSITIVE_INFINITY,
})

const filesKey = ({ object, record }: Owner) => [...recordsKey(object), 'files', record] as const

export const useFiles = (owner: Owner, removed = false) =>
  useQuery({
    queryKey: [...filesKey(owner), removed],
    queryFn: () => api.files.list(owner.object, owner.record, removed),
  })

/** One file on its way; `share` goes from 0 to 1. */
export interface Sending {
  key: number
  name: string
  share: number
  problem: ApiProblem | null
  cancel: () => void
}

let sent = 0

/** Sends files one after the other. `file` makes what is sent a new version of that file. */
export function useSending(owner: Owner) {
  const client = useQueryClient()
  const { t } = useTranslation()
  const language = useLanguage()
  const [sending, setSending] = useState<Sending[]>([])
  const put = (key: number, change: Partial<Sending>) =>
    setSending((known) => known.map((one) => (one.key === key ? { ...one, ...change } : one)))
  const forget = (key: number) => setSending((known) => known.filter((one) => one.key !== key))

  const sendOne = async (key: number, chosen: File, signal: AbortSignal, type: string | null, file?: string) => {
    if (signal.aborted) return
    const form = new FormData()
    if (type) form.set('document_type', type)
    form.set('file', chosen)
    try {
      const { max_bytes } = await client.ensureQueryData(limitsQuery)
      if (chosen.size > max_bytes) {
        const detail = t('files.tooLarge', { name: chosen.name, limit: formatSize(max_bytes, language) })
        throw new ApiProblem(413, { code: 'too_large', detail })
      }
      await api.files.upload(
        owner.object,
        owner.record,
        form,
        file,
        ({ loaded, total }) => put(key, { share: total ? loaded / total : 0 }),
        signal,
      )
      forget(key)
      await refreshFigures(client, owner.object)
    } catch (thrown) {
      if (signal.aborted) forget(key)
      else put(key, { problem: asProblem(thrown) })
    }
  }

  const send = async (chosen: readonly File[], type: string | null, file?: string) => {
    const queue = chosen.map((one) => {
      const key = ++sent
      const control = new AbortController()
      const cancel = () => {
        control.abort()
        forget(key)
      }
      return { chosen: one, control, line: { key, name: one.name, share: 0, problem: null, cancel } }
    })
    setSending((known) => [...known, ...queue.map((one) => one.line)])
    for (const one of queue) await sendOne(one.line.key, one.chosen, one.control.signal, type, file)
  }
  return { sending, send }
}

/** Changing, removing and bringing back one of the files; each says what came of it. */
export function useFileActions(owner: Owner) {
  const client = useQueryClient()
  const notify = useNotify()
  const { t } = useTranslation()
  const refresh = () => refreshFigures(client, owner.object)
  const restore = (file: RecordFile) =>
    api.files
      .restore(owner.object, owner.record, file.id)
      .then(() => notify.done(t('files.restored', { name: file.title })))
      .catch(notify.failed)
      .finally(() => void refresh())
  const remove = (file: RecordFile) =>
    api.files
      .remove(owner.object, owner.record, file.id)
      .then(() => notify.done(t('files.removed', { name: file.title }), () => void restore(file)))
      .catch(notify.failed)
      .finally(() => void refresh())
  const change = async (file: RecordFile, body: { title?: string; document_type?: string | null }) => {
    try {
      await api.files.change(owner.object, owner.record, file.id, body)
    } catch (thrown) {
      notify.failed(thrown)
    } finally {
      void refresh()
    }
  }
  return { restore, remove, change }
}

const rememberedKey = 'liaoran.documentType'

/** The document type that was chosen last in this browser; most files of a day are of one type. */
export const lastDocumentType = (): string | null => localStorage.getItem(rememberedKey)
export const rememberDocumentType = (key: string | null): void =>
  key ? localStorage.setItem(rememberedKey, key) : localStorage.removeItem(rememberedKey)
