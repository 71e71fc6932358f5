import { useQuery } from '@tanstack/react-query'
import {
  ArrowLeftRight,
  Boxes,
  CircleUser,
  Files,
  KeyRound,
  type LucideIcon,
  ScrollText,
  Share2,
  ShieldCheck,
  Users,
  Workflow,
} from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { auditMineQuery } from '@/kernel/audit'
import { findsText } from '@/kernel/initials'
import { useMe } from '@/kernel/session'

/** Who a page of the settings is for. */
type For = 'everybody' | 'administrators' | 'auditors'

const places = [
  { to: '/settings/account', group: 'own', text: 'settings.account.title', Shape: CircleUser, for: 'everybody' },
  { to: '/settings/processes', group: 'data', text: 'design.title', Shape: Workflow, for: 'everybody' },
  { to: '/settings/objects', group: 'data', text: 'settings.objects.title', Shape: Boxes, for: 'administrators' },
  { to: '/settings/documents', group: 'data', text: 'files.types.title', Shape: Files, for: 'administrators' },
  { to: '/settings/people', group: 'people', text: 'settings.people.title', Shape: Users, for: 'administrators' },
  { to: '/settings/roles', group: 'people', text: 'settingsPlaces.roles', Shape: ShieldCheck, for: 'administrators' },
  { to: '/settings/sharing', group: 'people', text: 'sharing.rules.title', Shape: Share2, for: 'administrators' },
  { to: '/settings/hand-over', group: 'people', text: 'handOver.title', Shape: ArrowLeftRight, for: 'administrators' },
  { to: '/settings/security', group: 'safety', text: 'security.title', Shape: KeyRound, for: 'administrators' },
  { to: '/settings/audit', group: 'safety', text: 'audit.title', Shape: ScrollText, for: 'auditors' },
] as const satisfies { to: string; group: string; text: string; Shape: LucideIcon; for: For }[]

type Group = (typeof places)[number]['group']

/** One page of the settings and what is found on it. */
export interface SettingsPlace {
  to: (typeof places)[number]['to']
  group: Group
  text: string
  Shape: LucideIcon
  /** What somebody may look for that is settled there. */
  topics: string[]
}

/** The pages of the settings that the reader has, in the order of their groups. */
export function useSettingsPlaces(): SettingsPlace[] {
  const { t } = useTranslation()
  const { administrator } = useMe()
  const { data: audit } = useQuery(auditMineQuery)
  const auditor = audit?.auditor ?? false
  return useMemo(() => {
    const open: Record<For, boolean> = { everybody: true, administrators: administrator, auditors: auditor }
    return places
      .filter((place) => open[place.for])
      .map(({ to, group, text, Shape }) => ({
        to,
        group,
        text: t(text),
        Shape,
        topics: t(`settingsPlaces.topics.${to.slice('/settings/'.length) as TopicsOf<typeof to>}`).split('|'),
      }))
  }, [t, administrator, auditor])
}

type TopicsOf<To extends string> = To extends `/settings/${infer Page}` ? Page : never

/** The places that what was typed finds, by their names, their groups or what is settled there; with the topics met. */
export function foundPlaces(places: SettingsPlace[], typed: string): { place: SettingsPlace; topics: string[] }[] {
  if (!typed.trim()) return places.map((place) => ({ place, topics: [] }))
  return places.flatMap((place) => {
    const topics = place.topics.filter((topic) => findsText(typed, [topic]))
    return topics.length > 0 || findsText(typed, [place.text]) ? [{ place, topics }] : []
  })
}
