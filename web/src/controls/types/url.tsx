import { lazy } from 'react'
import type { Control, DisplayProps } from '../control'

function UrlDisplay({ value, full }: DisplayProps) {
  const address = String(value)
  return (
    <a href={address} target="_blank" rel="noreferrer noopener" title={address}>
      {full ? address : address.replace(/^https?:\/\//, '').replace(/\/$/, '')}
    </a>
  )
}

export const control: Control = {
  type: 'url',
  align: 'start',
  width: 180,
  Display: UrlDisplay,
  Input: lazy(() => import('../inputs/TextInput')),
}
