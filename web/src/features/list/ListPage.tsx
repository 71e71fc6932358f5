import { Bones } from '@/ui/Bones'

export function ListPage() {
  return <Bones />
}
