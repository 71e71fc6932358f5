import { Bones } from '@/ui/Bones'

export function SignInPage() {
  return <Bones />
}
