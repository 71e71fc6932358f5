import { Button, Select } from 'antd'
import { Filter, Plus, X } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, ReachWhere, RoleReach, RoleScope } from '@/api/types'
import { ConditionEditor } from '@/controls/conditions/ConditionEditor'
import { alternativesOf, reaches, scopeOf } from './grants'
import styles from './roles.module.css'

interface ScopeEditorProps {
  name: string
  /** Null where the scope is that of all Objects, which have no Fields in common to ask for. */
  object: ObjectDescription | null
  value: RoleScope | undefined
  onChange: (scope: RoleScope | undefined) => void
}

/** How far one verb reaches: one way or several, each under a Condition if wanted. */
export function ScopeEditor({ name, object, value, onChange }: ScopeEditorProps) {
  const { t } = useTranslation()
  const ways = alternativesOf(value)
  const put = (place: number, way: ReachWhere | null) =>
    onChange(scopeOf(way ? ways.with(place, way) : ways.toSpliced(place, 1)))
  return (
    <div className={styles.ways}>
      {ways.length === 0 && (
        <Select
          aria-label={name}
          value="inherit"
          options={[
            { value: 'inherit', label: t(object ? 'roles.reach.inherit' : 'roles.reach.none') },
            ...reaches.map((reach) => ({ value: reach, label: t(`roles.reach.${reach}`) })),
          ]}
          onChange={(reach: string) => onChange(reach as RoleReach)}
        />
      )}
      {ways.map((way, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: alternatives have no name but their place
        <div key={place} className={styles.way}>
          <div className={styles.wayLine}>
            <Select
              className={styles.reach}
              aria-label={place === 0 ? name : `${name} ${place + 1}`}
              value={way.reach}
              options={[
                ...(object && ways.length === 1 ? [{ value: 'inherit', label: t('roles.reach.inherit') }] : []),
                ...reaches.map((reach) => ({ value: reach, label: t(`roles.reach.${reach}`) })),
              ]}
              onChange={(reach: string) =>
                reach === 'inherit' ? onChange(undefined) : put(place, { ...way, reach: reach as RoleReach })
              }
            />
            {object && way.reach !== 'none' && !way.where && (
              <Button
                size="small"
                type="text"
                icon={<Filter size={14} aria-hidden />}
                aria-label={t('roles.addCondition', { verb: name })}
                title={t('roles.addCondition', { verb: name })}
                onClick={() => put(place, { ...way, where: { all: [] } })}
              />
            )}
            {ways.length > 1 && (
              <Button
                size="small"
                type="text"
                icon={<X size={14} aria-hidden />}
                aria-label={t('roles.removeWay', { verb: name })}
                onClick={() => put(place, null)}
              />
            )}
          </div>
          {object && way.where && (
            <div className={styles.condition}>
              <ConditionEditor object={object} value={way.where} onChange={(where) => put(place, { ...way, where })} />
            </div>
          )}
        </div>
      ))}
      {object && ways.length > 0 && ways[0]?.reach !== 'all' && (
        <Button
          size="small"
          type="link"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => onChange(scopeOf([...ways, { reach: 'all', where: { all: [] } }]))}
        >
          {t('roles.addWay')}
        </Button>
      )}
    </div>
  )
}
