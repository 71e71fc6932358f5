import { Bones } from '@/ui/Bones'
import type { CreateRequest } from '@/ui/overlays'
import { SideDrawer } from '@/ui/SideDrawer'

interface FormDrawerProps extends CreateRequest {
  /** The record to edit; left out for a new one. */
  id?: string
  onClose: () => void
}

/** The form of an Object, for a new record or an existing one. */
export function FormDrawer({ object, onClose }: FormDrawerProps) {
  return (
    <SideDrawer open title={object} onClose={onClose}>
      <Bones />
    </SideDrawer>
  )
}
