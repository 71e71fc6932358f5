import { useContext } from 'react'
import { type Control, type DisplayProps, lazyInput } from '../control'
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
  Input: lazyInput(() => import('../inputs/TextInput')),
}
