/**
 * Panels that any feature may open over the page without knowing who draws them: making a record, a quick look at
 * one. `app` provides them, since features do not import each other.
 */
import { createContext, useContext } from 'react'

export interface CreateRequest {
  object: string
  /** Values to start with, in the read form (a link is `{id, label}`). */
  values?: Record<string, unknown>
  onCreated?: (id: string) => void
  /** Told when the form is gone, saved or not. */
  onClosed?: () => void
}

export interface EditRequest {
  /** The Field to begin with. */
  field?: string
  /** Told when the form is gone, saved or not. */
  onClosed?: () => void
}

export interface Overlays {
  /** Opens the form for a new record. */
  create: (request: CreateRequest) => void
  /** Opens the form for an existing record. */
  edit: (object: string, id: string, request?: EditRequest) => void
  /** Opens a record in a side drawer, leaving the page as it is. */
  peek: (object: string, id: string) => void
  /** Opens the command palette. */
  palette: () => void
}

const OverlaysContext = createContext<Overlays | null>(null)
export const OverlaysProvider = OverlaysContext.Provider

export function useOverlays(): Overlays {
  const overlays = useContext(OverlaysContext)
  if (!overlays) throw new Error('useOverlays is used outside the shell')
  return overlays
}
