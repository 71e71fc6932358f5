/** A Field that another part of the page asks to be filled in: its row opens where it stands. */
import { createContext, useContext } from 'react'

export interface FieldAsked {
  /** The Field, and a number that grows with every time it is asked for. */
  asked: { key: string; time: number } | null
  ask: (key: string) => void
}

const Context = createContext<FieldAsked | null>(null)
export const FieldAskedProvider = Context.Provider

/** Null where the rows of Fields are not in sight. */
export const useFieldAsked = (): FieldAsked | null => useContext(Context)
