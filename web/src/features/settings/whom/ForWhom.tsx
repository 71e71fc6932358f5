import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LinkValue } from '@/api/types'
import { RecordsPicker } from '@/controls/RecordsPicker'
import { readLink } from '@/controls/types/link'
import { rolesQuery } from '@/controls/who/useWhoWords'
import { useLabel } from '@/kernel/language'
import settings from '../settings.module.css'
import styles from './whom.module.css'

/** The ids of people and departments, and the keys of roles. */
export interface Whom {
  people: string[]
  departments: string[]
  roles: string[]
}

interface ForWhomProps {
  title: string
  /** Whom the rule names as it was read. */
  named: { people: LinkValue[]; departments: LinkValue[] } | null
  roles: string[]
  onChange: (change: Partial<Whom>) => void
  hint?: string
}

const idsOf = (chosen: unknown[]): string[] => chosen.flatMap((one) => readLink(one)?.id ?? [])

/** For whom a rule holds: people, departments with all below, roles. */
export function ForWhom({ title, named, roles: held, onChange, hint }: ForWhomProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { data: roles = [] } = useQuery(rolesQuery)
  const [people, setPeople] = useState<unknown[]>(named?.people ?? [])
  const [departments, setDepartments] = useState<unknown[]>(named?.departments ?? [])
  return (
    <fieldset className={settings.pair}>
      <legend className={settings.label}>{title}</legend>
      <div className={styles.takers}>
        <RecordsPicker
          plain
          object="person"
          value={people}
          label={t('settings.whom.people')}
          onChange={(chosen) => {
            setPeople(chosen)
            onChange({ people: idsOf(chosen) })
          }}
        />
        <RecordsPicker
          plain
          object="department"
          value={departments}
          label={t('settings.whom.departments')}
          onChange={(chosen) => {
            setDepartments(chosen)
            onChange({ departments: idsOf(chosen) })
          }}
        />
        <Select
          mode="multiple"
          showSearch={{ optionFilterProp: 'label' }}
          aria-label={t('settings.whom.roles')}
          placeholder={t('settings.whom.roles')}
          value={held}
          options={roles.map((role) => ({ value: role.key, label: label(role.label) }))}
          onChange={(chosen: string[]) => onChange({ roles: chosen })}
        />
        {hint && <span className={settings.hint}>{hint}</span>}
      </div>
    </fieldset>
  )
}
