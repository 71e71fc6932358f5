/** Who is signed in, what they keep, and the jobs of administrators. */
import type { Origin, SortKey, Text } from './catalogue'
import type { Condition, LinkValue } from './records'

export interface ViewDefinition {
  where?: Condition | null
  sort?: SortKey[]
  columns?: { key: string; width?: number }[]
  group?: string | null
  /** For boards: the process and the fields on a card. */
  process?: string
  card?: string[]
}

export interface View {
  id: string
  object: string
  name: string
  kind: 'list' | 'board'
  shared: boolean
  mine?: boolean
  definition: ViewDefinition
}

/** What a person's list or board of an Object opens with; null where they have chosen nothing. */
export interface Start {
  object: string
  kind: View['kind']
  /** The id of a saved view or of a ready-made one. */
  view: string | null
  process: string | null
}

/** What would become of the values of a Field under another type. */
export interface RetypePreview {
  rows: number
  filled: number
  converted: number
  rejected: number
  rejects: { value: string; count: number; problem: { code: string; message: string | Text } }[]
  /** Pairs of a value as it is and as it would be. */
  examples: [string, string][]
  /** The choices that would be made of the values. */
  choices: string[]
}

export interface Retype {
  id: string
  object: string
  field: string
  old_type: string
  new_type: string
  state: 'running' | 'held' | 'done' | 'cancelled' | 'failed'
  total: number
  done: number
  rejected: number
  message?: string | Text | null
}

/** A record whose value does not convert. */
export interface RetypeReject {
  record_id: string
  value: string
  problem: { code: string; message: string | Text }
}

/** What was taken out of use and can be brought back. */
export interface Retired {
  objects: { key: string; label: Text; icon: string; origin: Origin }[]
  fields: { object: string; key: string; type: string; label: Text; origin: Origin }[]
}

export interface Role {
  key: string
  label: Text
  origin: Origin
}

/** How a person signs in; `login` is null where they cannot. */
export interface Login {
  login: string | null
  disabled: boolean
  roles: string[]
  has_password: boolean
  /** Whether they have an authenticator app or a passkey. */
  second_factor: boolean
  signed_in_at: string | null
}

export interface PersonLogin extends Login {
  person: string
}

export interface ApiToken {
  id: string
  label: string
  scopes: string[] | null
  per_minute: number | null
  created_at: string
  expires_at: string | null
  used_at: string | null
}

/** A token of the organisation, for a program that acts for a person. */
export interface ServiceToken extends ApiToken {
  person: LinkValue
}

export interface NewToken {
  label: string
  scopes: string[] | null
  days: number | null
  per_minute: number | null
}

export interface Me {
  person: { id: string; name: string; login: string; department: LinkValue | string | null }
  roles: { key: string; label: Text }[]
  organisation: { slug: string; title: string; demo: boolean; currency: string; zone: string; language: 'zh' | 'en' }
  language: 'zh' | 'en' | null
  theme: 'light' | 'dark' | 'system' | null
  zone: string
  csrf: string
  today: string
  schema_version: number
  administrator: boolean
  /** Nothing else can be done before a second factor is set up. */
  second_factor_needed: boolean
}

export interface SessionOptions {
  organisations: { slug: string; title: string; demo: boolean }[]
  demo_accounts: { login: string; password: string; name: string; role: Text }[]
  providers: { id: string; organisation: string; label: Text }[]
  language: 'zh' | 'en'
}

export interface ExportJob {
  id: string
  state: 'asked' | 'waiting' | 'running' | 'cancelling' | 'done' | 'failed' | 'cancelled' | 'refused'
  done: number
  total: number | null
  rate: number
  problem: string | null
}
