import { createContext } from 'react'

/** Whether a value is shown in a grid cell: the grid takes the keyboard there, so links are no stops of their own. */
export const InGrid = createContext(false)
