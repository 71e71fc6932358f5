import type { ProblemItem, RecordData } from './types'

/** What a 409 adds: the record as it is now and who changed it meanwhile. */
export interface ConflictDetails {
  current?: RecordData
  changed_by?: string
  changed_at?: string
  changed_fields?: string[]
}

/** A refusal of the server (`application/problem+json`), or of the network (`status` 0, code `network`). */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly errors: ProblemItem[]
  /** Seconds to wait, for 429. */
  readonly retryAfter: number | null
  readonly body: Record<string, unknown>

  constructor(status: number, body: Record<string, unknown>, retryAfter: number | null = null) {
    super(String(body.detail ?? body.title ?? body.code ?? status))
    this.name = 'ApiProblem'
    this.status = status
    this.code = String(body.code ?? 'unknown')
    this.errors = Array.isArray(body.errors) ? (body.errors as ProblemItem[]) : []
    this.retryAfter = retryAfter
    this.body = body
  }

  get conflict(): ConflictDetails | null {
    return this.status === 409 ? (this.body as ConflictDetails) : null
  }

  /** The messages that belong to one Field. */
  of(field: string): string[] {
    return this.errors.filter((error) => error.field === field).map((error) => error.message)
  }
}

/** The problem in whatever was thrown; anything unexpected becomes a problem with code `unexpected`. */
export function asProblem(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown
  return new ApiProblem(0, { code: 'unexpected', detail: thrown instanceof Error ? thrown.message : String(thrown) })
}
