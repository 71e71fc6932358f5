import { processOf, stateOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ChoiceTag } from '@/ui/ChoiceTag'
import { type Control, type DisplayProps, lazyInput } from '../control'

/** One choice; where a Process governs the field, its states say the colour and the kind. */
export function ChoiceDisplay({ value, field, record, object }: DisplayProps) {
  const label = useLabel()
  const processField = object && processOf(object, field.key)?.process_field
  const state = object && stateOf(object, field.key, value, processField ? record?.[processField] : undefined)
  const choice = field.choices.find((one) => one.key === value)
  const text = label(state?.label ?? choice?.label) || String(value)
  return <ChoiceTag label={text} color={state?.color ?? choice?.color} kind={state?.kind} />
}

export const control: Control = {
  type: 'choice',
  align: 'start',
  width: 140,
  Display: ChoiceDisplay,
  Input: lazyInput(() => import('../inputs/ChoiceInput')),
}
