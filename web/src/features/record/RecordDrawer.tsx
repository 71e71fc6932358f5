import { Bones } from '@/ui/Bones'
import { SideDrawer } from '@/ui/SideDrawer'

interface RecordDrawerProps {
  object: string
  id: string
  onClose: () => void
}

/** A quick look at one record beside the page. */
export function RecordDrawer({ object, id, onClose }: RecordDrawerProps) {
  return (
    <SideDrawer open title={`${object} ${id}`} onClose={onClose} wide>
      <Bones />
    </SideDrawer>
  )
}
