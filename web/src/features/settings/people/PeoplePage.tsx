import { Bones } from '@/ui/Bones'

export function PeoplePage() {
  return <Bones />
}
