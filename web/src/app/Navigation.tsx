import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { Button, Tooltip } from 'antd'
import { FileUp, NotebookPen, PanelLeftClose, PanelLeftOpen, Settings, Stamp, Trash2 } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectSummary } from '@/api/types'
import { approvalCountsQuery } from '@/controls/approvals/useApprovals'
import { may, useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { routeOf } from '@/kernel/mode'
import { useMe } from '@/kernel/session'
import { ObjectIcon } from '@/ui/Icon'
import { Logo } from '@/ui/Logo'
import styles from './Navigation.module.css'

interface NavigationProps {
  narrow?: boolean
  onToggle?: () => void
  /** Called when a place was chosen (the phone's drawer closes then). */
  onChoose?: () => void
}

/** Objects by group, in the order in which their first Object comes. */
function groupsOf(objects: ObjectSummary[]): [string, ObjectSummary[]][] {
  const groups = new Map<string, ObjectSummary[]>()
  for (const object of objects) groups.set(object.group, [...(groups.get(object.group) ?? []), object])
  return [...groups]
}

/** The Object whose pages a path belongs to, however its records are shown. */
export const objectOf = (pathname: string): string | null => /^\/o\/([^/]+)/.exec(pathname)?.[1] ?? null

/** The name of a group: shipped ones are translated, others are named by the administrator. */
export function useGroupName(): (group: string) => string {
  const { t } = useTranslation()
  return (group) =>
    group === 'sales' || group === 'activity' || group === 'organisation' || group === 'custom'
      ? t(`shell.groups.${group}`)
      : group
}

/** The left side: where everything is. */
export function Navigation({ narrow = false, onToggle, onChoose }: NavigationProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const groupName = useGroupName()
  const me = useMe()
  const objects = useObjects()
  const here = useLocation({ select: ({ pathname }) => objectOf(pathname) })
  const item = (key: string, text: string, link: ReactNode) => (
    <Tooltip title={narrow ? text : ''} placement="right" key={key}>
      <li>{link}</li>
    </Tooltip>
  )
  const body = (icon: ReactNode, text: string) => (
    <>
      {icon}
      <span className={narrow ? 'visually-hidden' : styles.text}>{text}</span>
    </>
  )
  const places = [
    {
      to: '/work-log' as const,
      text: t('workLog.title'),
      icon: <NotebookPen size={16} strokeWidth={1.75} aria-hidden />,
    },
    ...(objects.some((object) => may(object, 'import'))
      ? [
          {
            to: '/imports' as const,
            text: t('shell.imports'),
            icon: <FileUp size={16} strokeWidth={1.75} aria-hidden />,
          },
        ]
      : []),
    { to: '/recycle' as const, text: t('shell.recycle'), icon: <Trash2 size={16} strokeWidth={1.75} aria-hidden /> },
    {
      to: '/settings' as const,
      text: t('shell.settings'),
      icon: <Settings size={16} strokeWidth={1.75} aria-hidden />,
    },
  ]
  return (
    <nav className={narrow ? styles.narrow : styles.navigation} aria-label={t('shell.navigation')}>
      <div className={styles.head}>
        <Link to="/" className={styles.home} onClick={onChoose}>
          <Logo size={24} />
          <span className="visually-hidden">{t('shell.home')}</span>
          {!narrow && <span className={styles.organisation}>{me.organisation.title}</span>}
        </Link>
        {!narrow && onToggle && <Toggle narrow={false} onToggle={onToggle} />}
      </div>
      <div className={styles.places}>
        {objects.some((object) => object.processes.length > 0) && (
          <ul>
            {item(
              'approvals',
              t('approvals.title'),
              <Link to="/approvals" className={styles.place} activeProps={{ 'data-current': '' }} onClick={onChoose}>
                {body(<Stamp size={16} strokeWidth={1.75} aria-hidden />, t('approvals.title'))}
                <WaitingCount />
              </Link>,
            )}
          </ul>
        )}
        {groupsOf(objects).map(([group, members]) => (
          <section key={group} className={styles.group} aria-label={groupName(group)}>
            {!narrow && <h2 className={styles.groupName}>{groupName(group)}</h2>}
            <ul>
              {members.map((object) =>
                item(
                  object.key,
                  label(object.label_plural),
                  <Link
                    to={routeOf(object)}
                    params={{ object: object.key }}
                    className={styles.place}
                    data-current={here === object.key ? '' : undefined}
                    onClick={onChoose}
                  >
                    {body(<ObjectIcon name={object.icon} />, label(object.label_plural))}
                  </Link>,
                ),
              )}
            </ul>
          </section>
        ))}
      </div>
      <ul className={styles.foot}>
        {places.map((place) =>
          item(
            place.to,
            place.text,
            <Link to={place.to} className={styles.place} activeProps={{ 'data-current': '' }} onClick={onChoose}>
              {body(place.icon, place.text)}
            </Link>,
          ),
        )}
        {narrow && onToggle && (
          <li>
            <Toggle narrow onToggle={onToggle} />
          </li>
        )}
      </ul>
    </nav>
  )
}

/** How many approvals wait for the reader. */
function WaitingCount() {
  const { t } = useTranslation()
  const { data } = useQuery(approvalCountsQuery)
  if (!data || data.mine === 0) return null
  return (
    <span className={styles.badge} data-late={data.overdue > 0 ? '' : undefined}>
      <span aria-hidden>{data.mine > 99 ? '99+' : data.mine}</span>
      <span className="visually-hidden">{t('approvals.badge', { count: data.mine })}</span>
    </span>
  )
}

function Toggle({ narrow, onToggle }: { narrow: boolean; onToggle: () => void }) {
  const { t } = useTranslation()
  const text = narrow ? t('shell.expand') : t('shell.collapse')
  const Shape = narrow ? PanelLeftOpen : PanelLeftClose
  return (
    <Tooltip title={text} placement="right">
      <Button
        type="text"
        size="small"
        className={styles.toggle}
        icon={<Shape size={16} />}
        aria-label={text}
        onClick={onToggle}
      />
    </Tooltip>
  )
}
