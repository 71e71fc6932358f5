import { useQuery } from '@tanstack/react-query'
import { TriangleAlert } from 'lucide-react'
import type { LinkValue, RightsProblem } from '@/api/types'
import { rolesQuery } from '@/controls/who/useWhoWords'
import { useLabel } from '@/kernel/language'
import settings from '../settings.module.css'

interface NamedProps {
  rule: { people: LinkValue[]; departments: LinkValue[]; roles: string[] }
  /** What stands there where nobody is named. */
  nobody?: string
}

/** Whom a rule names, as marks in its row. */
export function Named({ rule, nobody }: NamedProps) {
  const label = useLabel()
  const { data: roles = [] } = useQuery(rolesQuery)
  const names = [
    ...[...rule.people, ...rule.departments].map((one) => one.label),
    ...rule.roles.map((key) => label(roles.find((role) => role.key === key)?.label) || key),
  ]
  if (names.length === 0) return nobody
  return (
    <span className={settings.marks}>
      {names.map((name) => (
        <span key={name} className={settings.mark}>
          {name}
        </span>
      ))}
    </span>
  )
}

/** What of a rule cannot be carried out at present. */
export function RuleProblems({ problems }: { problems: RightsProblem[] }) {
  const label = useLabel()
  return problems.map((problem) => (
    <p key={problem.code} className={settings.hint}>
      <TriangleAlert size={12} aria-hidden /> {label(problem.message)}
    </p>
  ))
}
