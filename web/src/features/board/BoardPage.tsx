import { Bones } from '@/ui/Bones'

export function BoardPage() {
  return <Bones />
}
