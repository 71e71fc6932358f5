import { lazy, useContext } from 'react'
import type { Control, DisplayProps } from '../control'
import { InGrid } from '../InGrid'

function EmailDisplay({ value }: DisplayProps) {
  const inGrid = useContext(InGrid)
  return (
    <a tabIndex={inGrid ? -1 : undefined} href={`mailto:${value}`}>
      {String(value)}
    </a>
  )
}

export const control: Control = {
  type: 'email',
  align: 'start',
  width: 196,
  Display: EmailDisplay,
  Input: lazy(() => import('../inputs/TextInput')),
}
