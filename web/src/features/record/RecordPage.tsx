import { Bones } from '@/ui/Bones'

export function RecordPage() {
  return <Bones />
}
