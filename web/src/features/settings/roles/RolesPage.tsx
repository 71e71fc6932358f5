import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Dropdown, Input } from 'antd'
import { Ellipsis, Plus, Search, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RoleDefinition } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { Bones } from '@/ui/Bones'
import { EmptyState } from '@/ui/EmptyState'
import { ProblemPanel } from '@/ui/ProblemView'
import settings from '../settings.module.css'
import { Policies } from './Policies'
import { RetireDialog } from './RetireDialog'
import { RoleDrawer } from './RoleDrawer'
import styles from './roles.module.css'
import { administratorRole, definitionsQuery, useRoleActions } from './useRoles'

/** The roles: who has them, what is wrong with them, and what they allow. */
export function RolesPage() {
  const { t } = useTranslation()
  const label = useLabel()
  const { data, error, refetch } = useQuery(definitionsQuery)
  const [chosen, setChosen] = useState<{ role: RoleDefinition | null; like: RoleDefinition | null } | null>(null)
  const [going, setGoing] = useState<RoleDefinition | null>(null)
  const [typed, setTyped] = useState('')
  const words = typed.trim().toLowerCase()
  const shown = (data ?? []).filter((role) => `${label(role.label)} ${role.key}`.toLowerCase().includes(words))
  return (
    <>
      <div className={settings.head}>
        <h2 className={settings.title}>{t('roles.title')}</h2>
        <div className={settings.headActions}>
          <Button
            type="primary"
            icon={<Plus size={16} aria-hidden />}
            onClick={() => setChosen({ role: null, like: null })}
          >
            {t('roles.add')}
          </Button>
        </div>
        <p className={settings.lead}>{t('roles.lead')}</p>
      </div>
      {!data && !error && <Bones />}
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {data && (
        <>
          <Input
            className={styles.search}
            variant="filled"
            allowClear
            prefix={<Search size={14} aria-hidden />}
            placeholder={t('roles.search')}
            aria-label={t('roles.search')}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
          <RolesTable
            roles={shown}
            onOpen={(role) => setChosen({ role, like: null })}
            onCopy={(like) => setChosen({ role: null, like })}
            onRetire={setGoing}
          />
          <Policies />
        </>
      )}
      {chosen && <RoleDrawer {...chosen} onClose={() => setChosen(null)} />}
      {going && <RetireDialog role={going} roles={data ?? []} onClose={() => setGoing(null)} />}
    </>
  )
}

interface RolesTableProps {
  roles: RoleDefinition[]
  onOpen: (role: RoleDefinition) => void
  onCopy: (role: RoleDefinition) => void
  onRetire: (role: RoleDefinition) => void
}

function RolesTable({ roles, onOpen, onCopy, onRetire }: RolesTableProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { bringBack } = useRoleActions(() => undefined)
  const menu = (role: RoleDefinition) => [
    { key: 'copy', label: t('roles.copy'), onClick: () => onCopy(role) },
    role.retired
      ? { key: 'back', label: t('roles.bringBack'), onClick: () => void bringBack(role) }
      : { key: 'retire', danger: true, label: t('roles.retire'), onClick: () => onRetire(role) },
  ]
  return (
    <div className={settings.scroll}>
      <table className={settings.table}>
        <thead>
          <tr>
            <th>{t('roles.name')}</th>
            <th>{t('roles.people')}</th>
            <th>{t('roles.origin')}</th>
            <th aria-label={t('common.more')} />
          </tr>
        </thead>
        <tbody>
          {roles.map((role) => (
            <tr key={role.key}>
              <td>
                {role.key === administratorRole ? (
                  <strong>{label(role.label)}</strong>
                ) : (
                  <button type="button" className={settings.strong} onClick={() => onOpen(role)}>
                    {label(role.label) || role.key}
                  </button>
                )}
                {role.key === administratorRole && <p className={settings.hint}>{t('roles.administrator')}</p>}
                {role.problems.map((problem) => (
                  <p key={`${problem.code} ${problem.at}`} className={settings.hint}>
                    <TriangleAlert size={12} aria-hidden /> {label(problem.message)}
                  </p>
                ))}
              </td>
              <td>
                {role.people > 0 ? (
                  <Link
                    to="/settings/people"
                    search={{ role: role.key }}
                    title={t('roles.holders')}
                    aria-label={t('roles.peopleCount', { count: role.people })}
                    className={styles.count}
                  >
                    {role.people}
                  </Link>
                ) : (
                  <span className={styles.count}>0</span>
                )}
              </td>
              <td>{t(role.retired ? 'roles.origins.retired' : `roles.origins.${role.origin}`)}</td>
              <td>
                {role.key !== administratorRole && (
                  <Dropdown trigger={['click']} menu={{ items: menu(role) }}>
                    <Button
                      size="small"
                      type="text"
                      icon={<Ellipsis size={16} aria-hidden />}
                      aria-label={t('roles.menu', { name: label(role.label) })}
                    />
                  </Dropdown>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {roles.length === 0 && <EmptyState title={t('roles.noneFound')} />}
    </div>
  )
}
