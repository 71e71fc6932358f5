/** What the address of a page holds besides its path. Anything malformed is left out rather than refused. */
import type { ApprovalBox, ApprovalState, Condition, SecondWay, SortKey } from '@/api/types'

/** State of a list or a board that a person may want to keep as a link. */
export interface ListSearch {
  view?: string
  where?: Condition
  sort?: SortKey[]
  group?: string
  q?: string
  process?: string
  as_of?: string
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value ? value : typeof value === 'number' ? String(value) : undefined

function sortKeys(value: unknown): SortKey[] | undefined {
  if (!Array.isArray(value)) return undefined
  const keys = value.filter(
    (one): one is SortKey => typeof one?.field === 'string' && (one.dir === 'asc' || one.dir === 'desc'),
  )
  return keys.length > 0 ? keys : undefined
}

function condition(value: unknown): Condition | undefined {
  return value && typeof value === 'object' && !Array.isArray(value) ? (value as Condition) : undefined
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T
}

export function listSearch(raw: Record<string, unknown>): ListSearch {
  return defined({
    view: text(raw.view),
    where: condition(raw.where),
    sort: sortKeys(raw.sort),
    group: text(raw.group),
    q: text(raw.q),
    process: text(raw.process),
    as_of: text(raw.as_of),
  }) as ListSearch
}

const boxes: ApprovalBox[] = ['mine', 'started', 'decided', 'all']
const approvalStates: ApprovalState[] = ['running', 'passed', 'refused', 'returned', 'recalled']

/** Which list of approvals is shown, how, and which of them is open. */
export interface ApprovalsSearch {
  box?: ApprovalBox
  state?: ApprovalState
  view?: 'people'
  id?: string
}

export function approvalsSearch(raw: Record<string, unknown>): ApprovalsSearch {
  return defined({
    box: boxes.find((one) => one === raw.box),
    state: approvalStates.find((one) => one === raw.state),
    view: raw.view === 'people' ? ('people' as const) : undefined,
    id: text(raw.id),
  }) as ApprovalsSearch
}

export interface SignInSearch {
  next?: string
  /** Why a single sign-on came to nothing. */
  problem?: string
  /** By what the second step after a single sign-on can be taken; its ticket stands behind `#`. */
  ways?: SecondWay[]
}

const secondWays: SecondWay[] = ['totp', 'passkey', 'recovery']

/** Only paths of this site are followed after the sign-in. */
export function signInSearch(raw: Record<string, unknown>): SignInSearch {
  const next = text(raw.next)
  const named = (text(raw.ways) ?? (Array.isArray(raw.ways) ? raw.ways.join() : '')).split(',')
  const ways = secondWays.filter((one) => named.includes(one))
  return defined({
    // Browsers take a backslash for a slash.
    next: next?.startsWith('/') && !next.startsWith('//') && !next.includes('\\') ? next : undefined,
    problem: text(raw.problem),
    ways: ways.length > 0 ? ways : undefined,
  }) as SignInSearch
}

/** The parts of the designer of a Process, in the order of their tabs. */
export const designerTabs = ['stages', 'approvals', 'settings', 'try', 'talk', 'versions', 'check'] as const

export interface DesignerSearch {
  tab?: (typeof designerTabs)[number]
  /** What is open at the side at first, as `addressOf` in the designer writes it. */
  place?: string
}

/** Which part of the designer is shown. */
export function designerSearch(raw: Record<string, unknown>): DesignerSearch {
  const tab = designerTabs.find((one) => one === raw.tab)
  return { ...(tab && { tab }), ...(typeof raw.place === 'string' && { place: raw.place }) }
}

/** Which version the flow chart shows; none for the draft. */
export function chartSearch(raw: Record<string, unknown>): { version?: number } {
  const version = Number(raw.version)
  return Number.isInteger(version) && version > 0 ? { version } : {}
}
