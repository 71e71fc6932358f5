import { type Control, type DisplayProps, lazyInput } from '../control'

function RegionDisplay({ value }: DisplayProps) {
  const text = value && typeof value === 'object' && 'label' in value ? String(value.label) : String(value)
  return <span title={text}>{text}</span>
}

export const control: Control = {
  type: 'region',
  align: 'start',
  width: 152,
  Display: RegionDisplay,
  Input: lazyInput(() => import('../inputs/RegionInput')),
}
