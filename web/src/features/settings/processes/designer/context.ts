/** What every part of the designer needs: the definition, how to change it, and where the server finds fault. */
import { createContext, useContext } from 'react'
import type { Definition, DraftProblem, EvidenceKind, ObjectDescription, ProcessComment } from '@/api/types'
import type { Place } from './places'

export interface Designer {
  definition: Definition
  object: ObjectDescription
  /** `touched` names what is being typed in: changes of it that follow each other are one step back. */
  change: (next: Definition, touched?: string) => void
  /** Colleagues who may not shape Processes read and comment. */
  readOnly: boolean
  evidence: EvidenceKind[]
  problem: DraftProblem | null
  comments: ProcessComment[]
  place: Place | null
  /** Shows a part at the side. */
  open: (place: Place | null) => void
}

export const DesignerContext = createContext<Designer | null>(null)

export function useDesigner(): Designer {
  const designer = useContext(DesignerContext)
  if (!designer) throw new Error('outside the designer')
  return designer
}

/** Which item of the list in a part the server finds fault with; null for none of them. */
export const FaultContext = createContext<number | null>(null)
