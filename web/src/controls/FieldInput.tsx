import { Suspense } from 'react'
import { Bone } from '@/ui/Bones'
import type { InputProps } from './control'
import { controlOf } from './registry'
import { Value } from './Value'

/** The input of a field's type; types that nobody types in show their value. */
export function FieldInput(props: InputProps) {
  const { Input } = controlOf(props.field.type)
  if (!Input) return <Value value={props.value} field={props.field} full />
  return (
    <Suspense fallback={<Bone width="100%" height={32} />}>
      <Input {...props} />
    </Suspense>
  )
}

/** Whether people can enter a value for the field at all. */
export const isEnterable = (field: InputProps['field']): boolean =>
  !field.readonly && !field.computed && Boolean(controlOf(field.type).Input)
