import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Button, Input, Select } from 'antd'
import { ArrowLeftRight, Plus, Search, Upload } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Condition, Login, PersonLogin, RecordData } from '@/api/types'
import { Avatar } from '@/controls/Avatar'
import { Value } from '@/controls/Value'
import { fieldOf, useObject } from '@/kernel/describe'
import { formatInstant } from '@/kernel/format'
import { useLabel } from '@/kernel/language'
import { recordsKey } from '@/kernel/records'
import { useLocale } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { EmptyState } from '@/ui/EmptyState'
import { useOverlays } from '@/ui/overlays'
import { ProblemPanel } from '@/ui/ProblemView'
import settings from '../settings.module.css'
import { LoginDrawer } from './LoginDrawer'
import styles from './people.module.css'
import { loginsQuery, rolesQuery } from './useLogins'

const pageSize = 50
const shown = ['department', 'position', 'manager']
const statusField = 'status'
/** The status of somebody who is there, which goes without saying. */
const present = 'active'

/** What else than a role people are looked for by. */
const withoutLogin = '-no-login'
const disabledLogin = '-disabled'
const withoutFactor = '-no-factor'

const route = getRouteApi('/shell/settings/people')

/** Those who have a role; or those without a login, with one that is disabled, or without a second factor. */
function holding(asked: string, logins: PersonLogin[]): Condition {
  if (asked === withoutLogin) return { field: 'id', op: 'not_in', value: logins.map((login) => login.person) }
  const kept = logins.filter((login) => {
    if (asked === disabledLogin) return login.disabled
    if (asked === withoutFactor) return !login.second_factor && !login.disabled
    return login.roles.includes(asked)
  })
  return { field: 'id', op: 'in', value: kept.map((login) => login.person) }
}

/** The people of the organisation and how they sign in. */
export function PeoplePage() {
  const { t } = useTranslation()
  const object = useObject('person')
  const { create } = useOverlays()
  const navigate = useNavigate()
  const { role: asked } = route.useSearch()
  const { data: roles = [] } = useQuery(rolesQuery)
  const { data: logins } = useQuery(loginsQuery)
  const label = useLabel()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<{ id: string; name: string } | null>(null)
  const q = useDeferredValue(typed.trim())
  const columns = shown.filter((key) => fieldOf(object, key))
  const where = useMemo(() => (asked && logins ? holding(asked, logins) : null), [asked, logins])
  const people = useInfiniteQuery({
    queryKey: [...recordsKey('person'), 'logins', q, where],
    queryFn: ({ pageParam, signal }) =>
      api.records.query(
        'person',
        {
          select: [object.name_field, ...columns, ...(fieldOf(object, statusField) ? [statusField] : [])],
          sort: [{ field: object.name_field, dir: 'asc' }],
          limit: pageSize,
          ...(q && { q }),
          ...(where && { where }),
          ...(pageParam && { cursor: pageParam }),
        },
        signal,
      ),
    enabled: !asked || logins !== undefined,
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (previous) => previous,
  })
  const records = people.data?.pages.flatMap((page) => page.records) ?? []
  return (
    <>
      <div className={settings.head}>
        <h2 className={settings.title}>{t('settings.people.title')}</h2>
        <div className={settings.headActions}>
          <Link to="/imports" search={{ object: 'person' }}>
            <Button icon={<Upload size={16} aria-hidden />} tabIndex={-1}>
              {t('settings.people.import')}
            </Button>
          </Link>
          <Button
            type="primary"
            icon={<Plus size={16} />}
            onClick={() => create({ object: 'person', onCreated: (id) => setChosen({ id, name: '' }) })}
          >
            {t('settings.people.add')}
          </Button>
        </div>
        <p className={settings.lead}>{t('settings.people.lead')}</p>
      </div>
      <search className={styles.filters}>
        <Input
          className={styles.search}
          variant="filled"
          allowClear
          prefix={<Search size={14} aria-hidden />}
          placeholder={t('settings.people.search')}
          aria-label={t('settings.people.search')}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Select
          className={styles.role ?? ''}
          variant="filled"
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('settings.people.everybody')}
          aria-label={t('settings.people.filter')}
          value={asked ?? null}
          options={[
            {
              label: t('settings.people.login'),
              title: t('settings.people.login'),
              options: [
                { value: withoutLogin, label: t('settings.people.noLogin') },
                { value: disabledLogin, label: t('settings.people.disabledLogin') },
                { value: withoutFactor, label: t('settings.people.noFactor') },
              ],
            },
            {
              label: t('settings.people.roles'),
              title: t('settings.people.roles'),
              options: roles.map((role) => ({ value: role.key, label: label(role.label) })),
            },
          ]}
          onChange={(role: string | undefined) =>
            void navigate({ to: '/settings/people', search: role ? { role } : {}, replace: true })
          }
        />
      </search>
      {people.isPending && <Bones />}
      {people.error && <ProblemPanel error={people.error} onRetry={() => void people.refetch()} />}
      {people.data && records.length === 0 && (
        <EmptyState title={t('settings.people.none')} hint={t('settings.people.noneHint')} />
      )}
      {records.length > 0 && (
        <PeopleTable
          records={records}
          columns={columns}
          onOpen={(record) => setChosen({ id: record.id, name: String(record[object.name_field] ?? '') })}
        />
      )}
      {people.hasNextPage && (
        <Button type="text" loading={people.isFetchingNextPage} onClick={() => void people.fetchNextPage()}>
          {t('settings.people.more')}
        </Button>
      )}
      {chosen && <LoginDrawer id={chosen.id} name={chosen.name} onClose={() => setChosen(null)} />}
    </>
  )
}

interface PeopleTableProps {
  records: RecordData[]
  columns: string[]
  onOpen: (record: RecordData) => void
}

function PeopleTable({ records, columns, onOpen }: PeopleTableProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { language, zone } = useLocale()
  const object = useObject('person')
  const { data: roles = [] } = useQuery(rolesQuery)
  const { data: logins, error } = useQuery(loginsQuery)
  const rolesOf = (login: Login) =>
    login.roles.map((key) => label(roles.find((role) => role.key === key)?.label) || key).join(' · ')
  const status = fieldOf(object, statusField)
  const byPerson = new Map(logins?.map((login) => [login.person, login]))
  if (error) return <ProblemPanel error={error} />
  return (
    <div className={settings.scroll}>
      <table className={settings.table}>
        <thead>
          <tr>
            <th>{label(fieldOf(object, object.name_field)?.label)}</th>
            {columns.map((key) => (
              <th key={key} className={settings.wideOnly}>
                {label(fieldOf(object, key)?.label)}
              </th>
            ))}
            <th>{t('settings.people.login')}</th>
            <th className={settings.wideOnly}>{t('settings.people.roles')}</th>
            <th className={settings.wideOnly}>{t('settings.people.signedIn')}</th>
            <th aria-label={t('handOver.title')} />
          </tr>
        </thead>
        <tbody>
          {records.map((record) => {
            const login = byPerson.get(record.id)
            const name = String(record[object.name_field] ?? '')
            return (
              <tr key={record.id} data-pressable="" onClick={() => onOpen(record)}>
                <td>
                  <span className={settings.named}>
                    <Avatar name={name} size={24} />
                    <button type="button" className={settings.strong} onClick={() => onOpen(record)}>
                      {name}
                    </button>
                    {status && record[statusField] !== present && (
                      <Value value={record[statusField]} field={status} record={record} object={object} />
                    )}
                  </span>
                </td>
                {columns.map((key) => {
                  const field = fieldOf(object, key)
                  return (
                    <td key={key} className={settings.wideOnly}>
                      {field && <Value value={record[key]} field={field} record={record} object={object} />}
                    </td>
                  )
                })}
                <td>
                  {login?.login}
                  {logins && !login && <span className={settings.hint}>{t('settings.people.noLogin')}</span>}
                  {login?.disabled && <span className={settings.mark}>{t('settings.people.disabled')}</span>}
                  {login && <span className={styles.narrowRoles}>{rolesOf(login)}</span>}
                  {login?.second_factor && <span className={settings.mark}>{t('security.second.title')}</span>}
                </td>
                <td className={settings.wideOnly}>
                  <span className={settings.marks}>
                    {login?.roles.map((key) => (
                      <span key={key} className={settings.mark}>
                        {label(roles.find((role) => role.key === key)?.label) || key}
                      </span>
                    ))}
                  </span>
                </td>
                <td className={settings.wideOnly}>
                  {login?.signed_in_at && formatInstant(login.signed_in_at, zone, language)}
                </td>
                <td>
                  <Link
                    to="/settings/hand-over"
                    search={{ person: record.id }}
                    className={styles.handOver}
                    aria-label={`${t('handOver.title')}: ${name}`}
                    onClick={(event) => event.stopPropagation()}
                  >
                    <ArrowLeftRight size={14} aria-hidden />
                    <span className={settings.wideOnly}>{t('handOver.title')}</span>
                  </Link>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
