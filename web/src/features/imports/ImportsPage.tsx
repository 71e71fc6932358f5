import { Bones } from '@/ui/Bones'

export function ImportsPage() {
  return <Bones />
}
