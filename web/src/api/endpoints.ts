/** Every call that pages make, by name. Paths are written here and nowhere else. */
import { address, type CallOptions, get, patch, post, put, remove, upload } from './client'
import type * as T from './types'

const e = encodeURIComponent

export const api = {
  session: {
    options: () => get<T.SessionOptions>('/session/options', { anonymous: true }),
    signIn: (body: { login: string; password: string; organisation?: string }) =>
      post<{ csrf: string; me: T.Me }>('/session', body, { anonymous: true }),
    signOut: () => remove<void>('/session', { anonymous: true }),
  },
  me: {
    get: () => get<T.Me>('/me', { anonymous: true }),
    change: (body: { language?: string; theme?: string; zone?: string }) => patch<T.Me>('/me', body),
    password: (body: { old_password: string; new_password: string }) => post<void>('/me/password', body),
  },
  describe: {
    objects: () => get<{ schema_version: number; objects: T.ObjectSummary[] }>('/objects'),
    object: (object: string) => get<T.ObjectDescription>(`/objects/${e(object)}`),
    operators: () => get<T.Operator[]>('/operators'),
    regions: () => get<T.RegionNode[]>('/regions'),
    fieldTypes: () => get<T.FieldType[]>('/field-types'),
    functions: () => get<T.FormulaFunction[]>('/functions'),
  },
  records: {
    query: (object: string, body: T.QueryRequest, signal?: AbortSignal) =>
      post<T.QueryResult>(`/records/${e(object)}/query`, body, { ...(signal && { signal }) }),
    aggregate: (object: string, body: T.AggregateRequest, signal?: AbortSignal) =>
      post<T.AggregateResult>(`/records/${e(object)}/aggregate`, body, { ...(signal && { signal }) }),
    get: (object: string, id: string) => get<T.RecordData>(`/records/${e(object)}/${e(id)}`),
    create: (object: string, values: Record<string, unknown>, options?: CallOptions) =>
      post<T.RecordData>(`/records/${e(object)}`, values, options),
    update: (object: string, id: string, values: Record<string, unknown>, options?: CallOptions) =>
      patch<T.RecordData>(`/records/${e(object)}/${e(id)}`, values, options),
    remove: (object: string, id: string, options?: CallOptions) =>
      remove<void>(`/records/${e(object)}/${e(id)}`, options),
    restore: (object: string, id: string) => post<T.RecordData>(`/records/${e(object)}/${e(id)}/restore`),
    merge: (object: string, body: { into: string; from: string[]; fields: Record<string, unknown> }) =>
      post<T.RecordData>(`/records/${e(object)}/merge`, body),
    batch: (object: string, body: T.BatchRequest, options?: CallOptions) =>
      post<{ results: T.BatchOutcome[] }>(`/records/${e(object)}/batch`, body, options),
    history: (object: string, id: string, cursor?: string | null) =>
      get<{ events: T.HistoryEvent[]; next_cursor: string | null }>(
        `/records/${e(object)}/${e(id)}/history${cursor ? `?cursor=${e(cursor)}` : ''}`,
      ),
    visits: (object: string, id: string) => get<T.Visit[]>(`/records/${e(object)}/${e(id)}/visits`),
    transitions: (object: string, id: string) =>
      get<T.OfferedTransition[]>(`/records/${e(object)}/${e(id)}/transitions`),
    move: (
      object: string,
      id: string,
      body: { transition?: string; to_state?: string; fields?: Record<string, unknown>; comment?: string },
      options?: CallOptions,
    ) => post<T.RecordData>(`/records/${e(object)}/${e(id)}/transitions`, body, options),
  },
  board: (process: string, body: T.BoardRequest, signal?: AbortSignal) =>
    post<T.Board>(`/processes/${e(process)}/board`, body, { ...(signal && { signal }) }),
  search: (q: string, limit: number, signal?: AbortSignal) =>
    get<T.SearchResult>(`/search?q=${e(q)}&limit=${limit}`, { ...(signal && { signal }) }),
  undo: {
    last: () => get<{ action: string; label: string; at: string } | null>('/undo'),
    run: (action?: string) => post<unknown>('/undo', action ? { action } : {}),
  },
  views: {
    list: (object: string) => get<T.View[]>(`/views?object=${e(object)}`),
    create: (body: Omit<T.View, 'id' | 'mine'>) => post<T.View>('/views', body),
    change: (id: string, body: Partial<Omit<T.View, 'id'>>) => patch<T.View>(`/views/${e(id)}`, body),
    remove: (id: string) => remove<void>(`/views/${e(id)}`),
  },
  exports: {
    start: (body: Record<string, unknown>) => post<{ id: string }>('/exports', body),
    get: (id: string) => get<T.ExportJob>(`/exports/${e(id)}`),
    cancel: (id: string) => post<void>(`/exports/${e(id)}/cancel`),
    file: (id: string) => address(`/exports/${e(id)}/file`),
  },
  imports: {
    upload: <R>(form: FormData, onProgress: Parameters<typeof upload>[2], signal?: AbortSignal) =>
      upload<R>('/imports', form, onProgress, signal),
    list: <R>() => get<R>('/imports'),
    get: <R>(id: string) => get<R>(`/imports/${e(id)}`),
    plan: <R>(id: string, plan: unknown) => put<R>(`/imports/${e(id)}/plan`, plan),
    run: <R>(id: string, step: 'dry-run' | 'start' | 'cancel' | 'undo') => post<R>(`/imports/${e(id)}/${step}`),
    rejects: (id: string) => address(`/imports/${e(id)}/rejects`),
  },
  schema: {
    addObject: (definition: Record<string, unknown>) => post<T.ObjectDescription>('/objects', definition),
    changeObject: (object: string, body: Record<string, unknown>) =>
      patch<T.ObjectDescription>(`/objects/${e(object)}`, body),
    retireObject: (object: string) => remove<void>(`/objects/${e(object)}`),
    restoreObject: (object: string) => post<T.ObjectDescription>(`/objects/${e(object)}/restore`),
    addField: (object: string, definition: Record<string, unknown>) =>
      post<T.Field>(`/objects/${e(object)}/fields`, definition),
    changeField: (object: string, field: string, body: Record<string, unknown>) =>
      patch<T.Field>(`/objects/${e(object)}/fields/${e(field)}`, body),
    retireField: (object: string, field: string) => remove<void>(`/objects/${e(object)}/fields/${e(field)}`),
    restoreField: (object: string, field: string) => post<T.Field>(`/objects/${e(object)}/fields/${e(field)}/restore`),
    retype: <R>(object: string, field: string, body: Record<string, unknown> & { type: string; dry_run: boolean }) =>
      post<R>(`/objects/${e(object)}/fields/${e(field)}/retype`, body),
    checkFormula: <R>(object: string, expression: string) => post<R>('/formulas/check', { object, expression }),
  },
  people: {
    roles: () => get<T.Role[]>('/roles'),
    login: (id: string) => get<T.Login>(`/people/${e(id)}/login`),
    setLogin: (id: string, body: Partial<Omit<T.Login, 'has_password' | 'signed_in_at'>> & { password?: string }) =>
      post<T.Login>(`/people/${e(id)}/login`, body),
  },
  tokens: {
    list: () => get<T.ApiToken[]>('/tokens'),
    create: (body: { label: string; scopes: string[] | null; days: number | null }) =>
      post<{ id: string; token: string }>('/tokens', body),
    revoke: (id: string) => remove<void>(`/tokens/${e(id)}`),
  },
  events: () => address('/events'),
}
