/** How people sign in: second factors, passkeys, sessions, one-time links, single sign-on. */
import type { Text } from './catalogue'
import type { Me } from './organisation'

export type SecondWay = 'totp' | 'passkey' | 'recovery'

export interface SignedIn {
  csrf: string
  me: Me
}

/** The first step was right; a second one is asked for. */
export interface SecondStep {
  ticket: string
  ways: SecondWay[]
}

/** What is handed to `navigator.credentials`, and the ticket to answer with. */
export interface PasskeyChallenge {
  ticket: string
  options: Record<string, unknown>
}

export interface LinkView {
  kind: string
  login: string
  organisation: { slug: string; title: string; demo: boolean }
  password_length: number
}

export interface Passkey {
  id: string
  label: string
  made_at: string
  used_at: string | null
}

/** How the person's own account is kept. */
export interface Security {
  has_password: boolean
  password_length: number
  totp_since: string | null
  passkeys: Passkey[]
  codes_left: number
  required: boolean
}

export interface TotpBegun {
  ticket: string
  secret: string
  uri: string
  qr: string
}

export interface OpenSession {
  id: string
  address: string | null
  agent: string | null
  way: string
  strong: boolean
  created_at: string
  seen_at: string
}

export interface MySession extends OpenSession {
  expires_at: string
  current: boolean
}

/** What an administrator sees of somebody's keys. */
export interface PersonKeys {
  totp: boolean
  passkeys: number
  codes_left: number
  required: boolean
  sessions: OpenSession[]
}

export interface MadeLink {
  url: string
  kind: 'invitation' | 'reset'
  expires_at: string
}

export interface SignInSettings {
  password_length: number
  second_factor_roles: string[]
  redirect_uri: string
}

/** A provider of single sign-on. */
export interface Provider {
  id: string
  label: Text
  issuer: string
  client_id: string
  has_secret: boolean
  scopes: string[]
  login_claim: string
  strong: boolean
  active: boolean
  people: number
}

export type ProviderChange = Partial<Omit<Provider, 'id' | 'has_secret' | 'people'>> & { client_secret?: string }
