import { Equal, Minus, Pencil, Plus } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { DefinitionDifference, ObjectDescription, Text } from '@/api/types'
import { fieldOf } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { knownColor } from '@/ui/ChoiceTag'
import styles from './designer.module.css'

const shapes = { added: Plus, removed: Minus, changed: Pencil }

interface DifferencesProps {
  differences: DefinitionDifference[]
  object: ObjectDescription
}

/** What two definitions differ in, part by part. */
export function Differences({ differences, object }: DifferencesProps) {
  const { t } = useTranslation()
  const label = useLabel()
  if (differences.length === 0)
    return (
      <p className={styles.same}>
        <Equal size={14} aria-hidden />
        {t('design.noDifferences')}
      </p>
    )
  return (
    <ul className={styles.differences}>
      {differences.map((one) => {
        const Shape = shapes[one.kind]
        return (
          <li key={`${one.part}.${one.key}.${one.changes[0]?.what ?? ''}`} data-kind={one.kind}>
            <p className={styles.differenceHead}>
              <Shape size={14} aria-hidden />
              {t(`design.difference.${one.kind}`, {
                part: t(`design.difference.${one.part}`),
                name: label(one.label) || one.key,
              })}
            </p>
            {one.changes.length > 0 && (
              <ul className={styles.changes}>
                {one.changes.map((change) => (
                  <li key={change.what}>
                    <Change
                      label={label(change.label)}
                      what={change.what}
                      old={change.old}
                      next={change.new}
                      object={object}
                    />
                  </li>
                ))}
              </ul>
            )}
          </li>
        )
      })}
    </ul>
  )
}

interface ChangeProps {
  label: string
  what: string
  old: unknown
  next: unknown
  object: ObjectDescription
}

type Part = { key?: string; label?: Text }

/** One setting: short values as they were and are, lists by what came and went. */
function Change({ label, what, old, next, object }: ChangeProps) {
  const { t } = useTranslation()
  const text = useLabel()
  const name = (value: unknown): string => {
    if (value === null || value === undefined || value === '') return t('common.none')
    if (typeof value === 'boolean') return t(value ? 'common.yes' : 'common.no')
    if (typeof value === 'number') return String(value)
    if (typeof value === 'string') {
      if (what === 'color') return t(`settings.colors.${knownColor(value) as 'gray'}`)
      if (what === 'kind') return t(`design.kinds.${value as 'open'}`)
      if (what === 'comment_on' || what === 'forbid') return t(`design.moves.${value as 'back'}`)
      return text(fieldOf(object, value)?.label) || value
    }
    const part = value as Part & Partial<Text>
    return text(part.label) || text(part as Text) || part.key || ''
  }
  const keyOf = (value: unknown): string =>
    value && typeof value === 'object' && 'key' in value ? String(value.key) : JSON.stringify(value)
  if (Array.isArray(old ?? []) && Array.isArray(next)) {
    const before = new Map(((old ?? []) as unknown[]).map((one) => [keyOf(one), one]))
    const after = new Map(next.map((one) => [keyOf(one), one]))
    const came = [...after].filter(([key]) => !before.has(key)).map(([, one]) => `+ ${name(one)}`)
    const went = [...before].filter(([key]) => !after.has(key)).map(([, one]) => `− ${name(one)}`)
    const other = [...after]
      .filter(([key, one]) => before.has(key) && JSON.stringify(before.get(key)) !== JSON.stringify(one))
      .map(([, one]) => t('design.difference.other', { name: name(one) }))
    const words = [...came, ...went, ...other].filter((one) => one.trim().length > 1)
    return (
      <>
        {label}
        {words.length > 0 && `: ${words.join('  ')}`}
      </>
    )
  }
  const short = [old, next].every((one) => one === null || one === undefined || typeof one !== 'object' || 'zh' in one)
  return (
    <>
      {label}
      {short && `: ${name(old)} → ${name(next)}`}
    </>
  )
}
