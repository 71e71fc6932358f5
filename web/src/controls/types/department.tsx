import { type Control, type DisplayProps, lazyInput } from '../control'
import { readLink } from './link'

function DepartmentDisplay({ value }: DisplayProps) {
  return <>{readLink(value)?.label}</>
}

export const control: Control = {
  type: 'department',
  align: 'start',
  width: 128,
  Display: DepartmentDisplay,
  Input: lazyInput(() => import('../inputs/LinkInput')),
}
