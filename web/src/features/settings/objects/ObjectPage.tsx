import { Bones } from '@/ui/Bones'

export function ObjectPage() {
  return <Bones />
}
