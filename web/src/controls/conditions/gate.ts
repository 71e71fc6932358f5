/** What a Condition may ask about besides Fields, where it stands in a gate: linked records and evidence. */
import { createContext, useContext } from 'react'
import type { EvidenceKind, Text } from '@/api/types'

interface Named {
  key: string
  label: Text
}

export interface GateScope {
  evidence: EvidenceKind[]
  /** The stage whose gate it is; what is new since it was last left counts from there. */
  state: string | null
  states: Named[]
  actions: Named[]
  approvals: Named[]
}

/** Null outside gates: there only Fields are asked about. */
export const GateScopeContext = createContext<GateScope | null>(null)

export const useGateScope = (): GateScope | null => useContext(GateScopeContext)

export type Asked =
  | { kind: 'field' }
  | { kind: 'related'; object: string; link: string }
  | { kind: 'evidence'; key: string }

/** What a leaf asks about, from its path. */
export function askedOf(path: string): Asked {
  const related = /^count\(([a-z0-9_]+)\.([a-z0-9_]+)\)$/.exec(path)
  if (related) return { kind: 'related', object: related[1] ?? '', link: related[2] ?? '' }
  const evidence = /^evidence\(([a-z0-9_]+)\)$/.exec(path)
  return evidence ? { kind: 'evidence', key: evidence[1] ?? '' } : { kind: 'field' }
}

export const relatedPath = (object: string, link: string): string => `count(${object}.${link})`
export const evidencePath = (key: string): string => `evidence(${key})`
