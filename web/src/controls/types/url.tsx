import { useContext } from 'react'
import { type Control, type DisplayProps, lazyInput } from '../control'
import { InGrid } from '../InGrid'

function UrlDisplay({ value, full }: DisplayProps) {
  const inGrid = useContext(InGrid)
  const address = String(value)
  return (
    <a tabIndex={inGrid ? -1 : undefined} href={address} target="_blank" rel="noreferrer noopener" title={address}>
      {full ? address : address.replace(/^https?:\/\//, '').replace(/\/$/, '')}
    </a>
  )
}

export const control: Control = {
  type: 'url',
  align: 'start',
  width: 180,
  Display: UrlDisplay,
  Input: lazyInput(() => import('../inputs/TextInput')),
}
