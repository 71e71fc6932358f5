import { Bones } from '@/ui/Bones'

export function SettingsPage() {
  return <Bones />
}
