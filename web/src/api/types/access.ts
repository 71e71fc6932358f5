import type { Text } from './catalogue'
import type { Condition, LinkValue } from './records'

export type RoleReach = 'none' | 'own' | 'reports' | 'department' | 'below' | 'all'
export type ScopedVerb = 'read' | 'edit' | 'delete' | 'export' | 'transfer' | 'share'
export type PlainVerb = 'create' | 'import' | 'bulk'
export type FieldMask = 'readonly' | 'masked' | 'hidden'

/** How far a verb reaches, under a Condition or none. */
export interface ReachWhere {
  reach: RoleReach
  where?: Condition | null
}

export type RoleAlternative = RoleReach | ReachWhere
export type RoleScope = RoleAlternative | RoleAlternative[]

/** What a role allows on one Object, or on all (`*`); a verb that is left out is that of all. */
export type RoleEntry = Partial<Record<ScopedVerb, RoleScope> & Record<PlainVerb, boolean>> & {
  fields?: Record<string, FieldMask>
}

export interface RoleGrants {
  objects: Record<string, RoleEntry>
}

export interface RightsProblem {
  code: string
  message: Text
  at: string | null
}

export interface RoleDefinition {
  key: string
  label: Text
  origin: 'shipped' | 'changed' | 'custom'
  retired: boolean
  position: number
  grants: RoleGrants
  people: number
  problems: RightsProblem[]
}

export interface PersonDifference {
  person: { id: string; label: string }
  objects: {
    object: string
    label: Text
    verbs: Partial<Record<ScopedVerb, { gained: number; lost: number }>>
    doors: { gained: PlainVerb[]; lost: PlainVerb[] }
    fields: { field: string; label: Text; before: FieldMask | 'open'; after: FieldMask | 'open' }[]
  }[]
}

export interface RolePreview {
  people: PersonDifference[]
  affected: number
  unchanged: number
  more: number
}

export interface AccessReason {
  kind: string
  verb: string
  key: string | null
  text: Text
}

export interface ExplainedPerson {
  person: { id: string; label: string }
  sees: boolean
  edits: boolean
  reasons: AccessReason[]
  obstacles: AccessReason[]
}

/** Records that verbs do not reach, whatever the roles say. */
export interface Policy {
  key: string
  label: Text
  object: string
  verbs: ScopedVerb[]
  where: Condition
  people: LinkValue[]
  departments: LinkValue[]
  roles: string[]
  active: boolean
  position: number
  problems: RightsProblem[]
}

export interface PolicyBody {
  label: { zh: string; en: string }
  verbs: ScopedVerb[]
  where: Condition
  people: string[]
  departments: string[]
  roles: string[]
  active: boolean
}

export interface VerbSource {
  kind: string
  key: string
  text: Text
}

/** What a person can see and do of one Object, and where it comes from. */
export interface ObjectAccess {
  object: string
  label: Text
  records: number
  verbs: Partial<Record<ScopedVerb, VerbSource[]>>
  doors: PlainVerb[]
  fields: { field: string; label: Text; shows: FieldMask }[]
  restrictions: { key: string; label: Text; verbs: ScopedVerb[] }[]
}

export interface PersonAccess {
  person: { id: string; label: string }
  roles: { key: string; label: Text }[]
  objects: ObjectAccess[]
}
