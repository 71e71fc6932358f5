import { Bones } from '@/ui/Bones'

export function RecyclePage() {
  return <Bones />
}
