import type {
  FieldMask,
  PlainVerb,
  ReachWhere,
  RoleAlternative,
  RoleEntry,
  RoleGrants,
  RoleReach,
  RoleScope,
  ScopedVerb,
} from '@/api/types'

export const everyObject = '*'
export const scopedVerbs: ScopedVerb[] = ['read', 'edit', 'delete', 'transfer', 'share', 'export']
export const plainVerbs: PlainVerb[] = ['create', 'import', 'bulk']
export const reaches: RoleReach[] = ['none', 'own', 'reports', 'department', 'below', 'all']
export const masks: FieldMask[] = ['readonly', 'masked', 'hidden']

export const freshGrants: RoleGrants = { objects: { [everyObject]: { read: 'own', edit: 'own', create: true } } }

const plainOf = (one: RoleAlternative): ReachWhere => (typeof one === 'string' ? { reach: one, where: null } : one)

/** A scope as its alternatives; one that is left out has none. */
export const alternativesOf = (scope: RoleScope | undefined): ReachWhere[] =>
  scope === undefined ? [] : (Array.isArray(scope) ? scope : [scope]).map(plainOf)

/** The shortest form of the alternatives: a word where there is no Condition, no list where there is one only. */
export function scopeOf(alternatives: ReachWhere[]): RoleScope {
  const short = alternatives.map(
    (one): RoleAlternative => (one.where ? { reach: one.reach, where: one.where } : one.reach),
  )
  return short.length === 1 ? (short[0] as RoleAlternative) : short
}

/** The entry with one verb set; undefined leaves it to that of all Objects. */
export function withVerb(
  entry: RoleEntry,
  verb: ScopedVerb | PlainVerb,
  value: RoleScope | boolean | undefined,
): RoleEntry {
  const { [verb]: _, ...rest } = entry
  return value === undefined ? rest : { ...rest, [verb]: value }
}

/** The grants with one Object's entry set; undefined takes it out. */
export function withEntry(grants: RoleGrants, object: string, entry: RoleEntry | undefined): RoleGrants {
  const { [object]: _, ...rest } = grants.objects
  return { objects: entry === undefined ? rest : { ...rest, [object]: entry } }
}
