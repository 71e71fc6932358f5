import { Link } from '@tanstack/react-router'
import { useContext } from 'react'
import type { LinkValue } from '@/api/types'
import { type Control, type DisplayProps, lazyInput } from '../control'
import { InGrid } from '../InGrid'

/** Reads a link value; a bare id (a draft, a filter) shows as itself. */
export function readLink(value: unknown): LinkValue | null {
  if (value && typeof value === 'object' && 'id' in value) return value as LinkValue
  return typeof value === 'string' && value ? { id: value, label: value } : null
}

export function LinkDisplay({ value, field }: DisplayProps) {
  const inGrid = useContext(InGrid)
  const link = readLink(value)
  if (!link) return null
  if (!field.target) return <>{link.label}</>
  return (
    <Link
      to="/o/$object/$id"
      params={{ object: field.target, id: link.id }}
      title={link.label}
      tabIndex={inGrid ? -1 : undefined}
    >
      {link.label}
    </Link>
  )
}

export const control: Control = {
  type: 'link',
  align: 'start',
  width: 168,
  Display: LinkDisplay,
  Input: lazyInput(() => import('../inputs/LinkInput')),
}
