import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { ExternalLink, ListTodo, Pencil, Plus, Stamp, Upload } from 'lucide-react'
import { type ReactNode, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Field, Mend, ObjectDescription, RecordData } from '@/api/types'
import { isBlank } from '@/controls/Value'
import { fieldOf, may, useObjects } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { useOverlays } from '@/ui/overlays'
import { useRecordApprovals, useStartApproval } from '../approvals/useApprovals'
import { isEnterable } from '../FieldInput'
import { SendingList } from '../files/SendingList'
import { documentTypesQuery, useSending } from '../files/useFiles'
import styles from './stage.module.css'

/** Where the page leads for what it mends itself; what is left out is mended another way, or not here. */
export interface MendWays {
  field?: (field: Field) => void
  tasks?: () => void
  /** Where this page cannot mend it, the record's own page can. */
  elsewhere?: () => void
  /** Around a form that is opened over the page. */
  leave?: () => void
  back?: () => void
}

interface MendProps {
  object: ObjectDescription
  record: RecordData
  mend: Mend
  ways: MendWays
}

export const mendKey = (mend: Mend): string => JSON.stringify(mend)

/** One thing that mends an unmet condition, one click away. */
export function MendButton(props: MendProps) {
  switch (props.mend.kind) {
    case 'field':
      return <MendField {...props} />
    case 'record':
      return <AddLinked {...props} object={props.object} target={props.mend.object ?? ''} link={props.mend.link} />
    case 'file':
      return <UploadFile {...props} />
    case 'activity':
      return <LogActivity {...props} />
    case 'approval':
      return <StartApproval {...props} />
    default:
      return <GoThere {...props} />
  }
}

interface ActionProps {
  icon: ReactNode
  children: ReactNode
  onClick: () => void
}

function Action({ icon, children, onClick }: ActionProps) {
  return (
    <button type="button" className={styles.mend} onClick={onClick}>
      {icon}
      <span>{children}</span>
    </button>
  )
}

function MendField({ object, record, mend, ways }: MendProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const field = fieldOf(object, mend.field ?? '')
  const go = ways.field
  if (!go || !field || !isEnterable(field) || !may(object, 'edit')) return null
  const word = isBlank(record[field.key]) ? 'stage.mend.field' : 'stage.mend.change'
  return (
    <Action icon={<Pencil size={13} aria-hidden />} onClick={() => go(field)}>
      {t(word, { field: label(field.label) })}
    </Action>
  )
}

/** The plain equalities of a Condition, as values to begin a record with. */
function equalities(condition: unknown): Record<string, unknown> {
  if (!condition || typeof condition !== 'object') return {}
  const { all, field, op, value } = condition as { all?: unknown[]; field?: string; op?: string; value?: unknown }
  if (Array.isArray(all)) return Object.assign({}, ...all.map(equalities))
  if (op === 'is_true' && field) return { [field]: true }
  return op === 'eq' && field && !field.includes('.') ? { [field]: value } : {}
}

interface LinkedProps extends MendProps {
  target: string
  link: string | undefined
}

function AddLinked({ object, record, mend, ways, target, link }: LinkedProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const overlays = useOverlays()
  const known = useObjects().find((one) => one.key === target)
  if (!known || !link || !may(known, 'create')) return null
  const self = { id: record.id, label: String(record[object.name_field] ?? '') }
  const add = () => {
    ways.leave?.()
    const values = { ...equalities(mend.where), [link]: self }
    overlays.create({ object: target, values, ...(ways.back && { onClosed: ways.back }) })
  }
  const word = mend.kind === 'activity' ? 'stage.mend.activity' : 'stage.mend.record'
  return (
    <Action icon={<Plus size={13} aria-hidden />} onClick={add}>
      {t(word, { object: label(known.label) })}
    </Action>
  )
}

const shownKinds = 3

/** A button for each kind of activity that would do, most of them at most. */
function LogActivity(props: MendProps) {
  const objects = useObjects()
  const wanted = props.mend.value?.objects as string[] | undefined
  const isActivity = (key: string) => objects.some((one) => one.key === key && one.group === 'activity')
  const links = props.object.related.filter((one) => (wanted ? wanted.includes(one.object) : isActivity(one.object)))
  return links
    .slice(0, shownKinds)
    .map((one) => <AddLinked key={one.object} {...props} target={one.object} link={one.field} />)
}

function UploadFile({ object, record, mend }: MendProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const chooser = useRef<HTMLInputElement>(null)
  const { data: types = [] } = useQuery(documentTypesQuery)
  const { sending, send } = useSending({ object: object.key, record: record.id })
  const key = (mend.value?.document_type as string | undefined) ?? null
  const type = types.find((one) => one.key === key)
  if (!may(object, 'edit')) return null
  const words = type ? t('stage.mend.upload', { type: label(type.label) }) : t('stage.mend.uploadAny')
  return (
    <>
      <Action icon={<Upload size={13} aria-hidden />} onClick={() => chooser.current?.click()}>
        {words}
      </Action>
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        data-document-type={key ?? ''}
        onChange={(event) => {
          void send([...(event.target.files ?? [])], key)
          event.target.value = ''
        }}
      />
      {sending.length > 0 && (
        <div className={styles.sending}>
          <SendingList sending={sending} />
        </div>
      )}
    </>
  )
}

/** Starts the approval; where it runs already, the way to decide it, or whom it waits for. */
function StartApproval(props: MendProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const { object, record, mend } = props
  const { data } = useRecordApprovals(object.key, record.id)
  const start = useStartApproval(object.key, record.id)
  const running = data?.approvals.find((one) => one.state === 'running')
  if (running && running.may.decide.length > 0) {
    return (
      <Link to="/approvals" search={{ id: running.id }} className={styles.mend}>
        <Stamp size={13} aria-hidden />
        <span>{t('approvals.box.mine')}</span>
      </Link>
    )
  }
  if (running) {
    return <span>{t('approvals.waiting', { who: running.holders.map((one) => one.label).join('、') })}</span>
  }
  const wanted = data?.offered.find((one) => one.key === mend.value?.approval)
  if (!wanted) return <GoThere {...props} />
  return (
    <Action icon={<Stamp size={13} aria-hidden />} onClick={() => start.mutate({ approval: wanted.key })}>
      {t('approvals.startOne', { name: label(wanted.label) })}
    </Action>
  )
}

/** What is mended at another place of the page, or on the record's own page. */
function GoThere({ mend, ways }: MendProps) {
  const { t } = useTranslation()
  if (mend.kind === 'tasks' && ways.tasks) {
    return (
      <Action icon={<ListTodo size={13} aria-hidden />} onClick={ways.tasks}>
        {t('stage.mend.tasks')}
      </Action>
    )
  }
  return ways.elsewhere ? (
    <Action icon={<ExternalLink size={13} aria-hidden />} onClick={ways.elsewhere}>
      {t('stage.mend.openRecord')}
    </Action>
  ) : null
}
