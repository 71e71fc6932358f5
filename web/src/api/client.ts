/**
 * The one place that speaks HTTP. Adds the CSRF token, the language and the version; turns every refusal into an
 * `ApiProblem`; tells the application when nobody is signed in any more.
 */
import { ApiProblem } from './problem'

const root = '/api/v1'

interface Session {
  csrf: string | null
  language: string
  onUnauthenticated: () => void
}

const session: Session = { csrf: null, language: 'zh-CN', onUnauthenticated: () => undefined }

export function setCsrf(token: string | null): void {
  session.csrf = token
}

export function setRequestLanguage(language: string): void {
  session.language = language
}

export function onUnauthenticated(handler: () => void): void {
  session.onUnauthenticated = handler
}

/** Through which door a write comes; kept with the Event only. */
export type Door = 'form' | 'inline' | 'board' | 'bulk'

export interface CallOptions {
  /** The version the change is based on, sent as `If-Match`. */
  version?: number
  door?: Door
  signal?: AbortSignal
  /** Makes a POST safe to repeat. */
  idempotencyKey?: string
  /** A 401 is an answer here (sign-in), not the end of the session. */
  anonymous?: boolean
  /** Told the id of the action that a write was, by which exactly this write can be taken back. */
  onAction?: (action: string) => void
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface Progress {
  loaded: number
  total: number
}

function headersFor(method: Method, options: CallOptions): Headers {
  const headers = new Headers({ Accept: 'application/json', 'Accept-Language': session.language })
  if (method !== 'GET' && session.csrf) headers.set('X-CSRF-Token', session.csrf)
  if (options.version !== undefined) headers.set('If-Match', `"${options.version}"`)
  if (options.door) headers.set('X-Door', options.door)
  if (options.idempotencyKey) headers.set('Idempotency-Key', options.idempotencyKey)
  return headers
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const wait = Number(response.headers.get('Retry-After'))
  const body = await response.json().catch(() => ({ code: `http_${response.status}`, detail: response.statusText }))
  return new ApiProblem(
    response.status,
    body as Record<string, unknown>,
    Number.isFinite(wait) && wait > 0 ? wait : null,
  )
}

async function send(method: Method, path: string, body: BodyInit | null, headers: Headers, options: CallOptions) {
  let response: Response
  try {
    response = await fetch(root + path, {
      method,
      headers,
      body,
      credentials: 'same-origin',
      signal: options.signal ?? null,
    })
  } catch (thrown) {
    if (options.signal?.aborted) throw thrown
    throw new ApiProblem(0, { code: 'network' })
  }
  if (response.ok) return response
  if (response.status === 401 && !options.anonymous) session.onUnauthenticated()
  throw await problemOf(response)
}

/** Calls the API with a JSON body and reads a JSON answer (`undefined` where there is none). */
export async function call<T>(method: Method, path: string, body?: unknown, options: CallOptions = {}): Promise<T> {
  const headers = headersFor(method, options)
  if (body !== undefined) headers.set('Content-Type', 'application/json')
  const response = await send(method, path, body === undefined ? null : JSON.stringify(body), headers, options)
  const action = response.headers.get('X-Action')
  if (action) options.onAction?.(action)
  if (response.status === 204) return undefined as T
  const text = await response.text()
  return (text ? JSON.parse(text) : undefined) as T
}

export const get = <T>(path: string, options?: CallOptions) => call<T>('GET', path, undefined, options)
export const post = <T>(path: string, body?: unknown, options?: CallOptions) =>
  call<T>('POST', path, body ?? {}, options)
export const put = <T>(path: string, body: unknown, options?: CallOptions) => call<T>('PUT', path, body, options)
export const patch = <T>(path: string, body: unknown, options?: CallOptions) => call<T>('PATCH', path, body, options)
export const remove = <T>(path: string, options?: CallOptions) => call<T>('DELETE', path, undefined, options)

/** Sends a multipart form, reporting how much has gone out (fetch cannot, hence XMLHttpRequest). */
export function upload<T>(
  path: string,
  form: FormData,
  onProgress: (progress: Progress) => void,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', root + path)
    headersFor('POST', {}).forEach((value, name) => {
      request.setRequestHeader(name, value)
    })
    request.upload.onprogress = (event) => onProgress({ loaded: event.loaded, total: event.total })
    request.onerror = () => reject(new ApiProblem(0, { code: 'network' }))
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    request.onload = () => {
      const body = parse(request.responseText)
      if (request.status < 300) return resolve(body as T)
      if (request.status === 401) session.onUnauthenticated()
      reject(new ApiProblem(request.status, body ?? { code: `http_${request.status}` }))
    }
    signal?.addEventListener('abort', () => request.abort())
    request.send(form)
  })
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>
  } catch {
    return null
  }
}

/** The address of something the browser itself fetches: a download or the stream of live updates. */
export const address = (path: string): string => root + path
