import { Bones } from '@/ui/Bones'

export function ObjectsPage() {
  return <Bones />
}
