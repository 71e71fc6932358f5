import { Bones } from '@/ui/Bones'

export function ImportPage() {
  return <Bones />
}
