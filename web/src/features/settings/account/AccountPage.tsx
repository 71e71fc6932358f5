import { Bones } from '@/ui/Bones'

export function AccountPage() {
  return <Bones />
}
