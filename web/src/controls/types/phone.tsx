import { useContext } from 'react'
import { type Control, type DisplayProps, lazyInput } from '../control'
import { InGrid } from '../InGrid'

/** Chinese mobile numbers in their usual groups of 3-4-4; others as they are. */
export const groupPhone = (phone: string): string => phone.replace(/^(?:\+86)?(1\d{2})(\d{4})(\d{4})$/, '$1 $2 $3')

function PhoneDisplay({ value }: DisplayProps) {
  const inGrid = useContext(InGrid)
  return (
    <a tabIndex={inGrid ? -1 : undefined} href={`tel:${value}`}>
      {groupPhone(String(value))}
    </a>
  )
}

export const control: Control = {
  type: 'phone',
  align: 'start',
  width: 132,
  Display: PhoneDisplay,
  Input: lazyInput(() => import('../inputs/TextInput')),
}
