import { useQueryClient } from '@tanstack/react-query'
import { Button, Tooltip } from 'antd'
import { ArrowRight, History } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { HistoryChange, HistoryEvent, ObjectDescription, RecordData } from '@/api/types'
import { Avatar } from '@/controls/Avatar'
import { isBlank, Value } from '@/controls/Value'
import { fieldOf, may } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { refreshRecords } from '@/kernel/records'
import { keepAction, useUndo } from '@/kernel/undo'
import { useNotify } from '@/ui/useNotify'
import { TimelineApproval } from './TimelineApproval'
import { TimelineEntryHead } from './TimelineEntryHead'
import { TimelineFile } from './TimelineFile'
import { TimelineSharing } from './TimelineSharing'
import styles from './timeline.module.css'

interface RecordProps {
  object: ObjectDescription
  record: RecordData
}

const doorsWorthSaying = new Set(['import', 'api', 'bulk', 'board', 'undo', 'merge', 'rule', 'hand_over'])

/** One committed change: who, through which door, from what to what. */
export function TimelineChange({ event, object, record }: RecordProps & { event: HistoryEvent }) {
  const { t } = useTranslation()
  const door = doorsWorthSaying.has(event.door) ? t(`record.door.${event.door as 'import'}`) : null
  const said =
    event.kind === 'file'
      ? t(`files.event.${event.file?.what ?? 'changed'}`)
      : event.kind === 'approval'
        ? t(`approvals.event.${event.approval?.what ?? 'started'}`)
        : event.kind === 'sharing'
          ? t(`sharing.event.${event.sharing?.what ?? 'changed'}`)
          : t(`record.kind.${event.kind}`)
  const changes = event.changes.filter((change) => fieldOf(object, change.field))
  return (
    <li className={styles.entry}>
      <Avatar name={event.actor.label} size={24} />
      <div className={styles.body}>
        <TimelineEntryHead at={event.at}>
          <strong>{event.actor.label}</strong>
          <span>{said}</span>
          {door && <span className={styles.quiet}>{door}</span>}
        </TimelineEntryHead>
        {event.note && <p className={styles.note}>{event.note}</p>}
        {event.file && <TimelineFile told={event.file} />}
        {event.approval && <TimelineApproval told={event.approval} />}
        {event.sharing && <TimelineSharing told={event.sharing} />}
        {event.kind === 'created' ? (
          <details className={styles.created}>
            <summary>{t('record.startValues', { count: changes.length })}</summary>
            <Changes event={event} changes={changes} object={object} record={record} created />
          </details>
        ) : (
          <Changes event={event} changes={changes} object={object} record={record} />
        )}
      </div>
    </li>
  )
}

interface ChangesProps extends RecordProps {
  event: HistoryEvent
  changes: HistoryChange[]
  /** At creation there is no value before. */
  created?: boolean
}

function Changes({ event, changes, object, record, created = false }: ChangesProps) {
  const label = useLabel()
  return (
    <ul className={styles.changes}>
      {changes.map((change) => (
        <li key={change.field}>
          <span className={styles.changeField}>{label(change.label)}</span>
          {!created && (
            <>
              <Side change={change} side="old" object={object} record={record} />
              <ArrowRight size={12} aria-hidden className={styles.arrow} />
            </>
          )}
          <Side change={change} side="new" object={object} record={record} />
          {!created && <BringBack event={event} change={change} object={object} record={record} />}
        </li>
      ))}
    </ul>
  )
}

interface BringBackProps extends RecordProps {
  event: HistoryEvent
  change: HistoryChange
}

/** One click gives the Field back what it held before this change, through the same gates as any other change. */
function BringBack({ event, change, object, record }: BringBackProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const notify = useNotify()
  const client = useQueryClient()
  const undo = useUndo()
  const field = fieldOf(object, change.field)
  const moves = object.processes.some((process) => process.field === change.field)
  if (!field || field.readonly || moves || !may(object, 'edit')) return null
  const restore = () => {
    const kept = keepAction()
    const takeBack = () => void undo(kept.action).then(() => notify.done(t('common.undone')), notify.failed)
    api.records
      .restoreValue(object.key, record.id, event.id, change.field, { onAction: kept.onAction })
      .then(() => {
        notify.done(t('record.broughtBack', { field: label(change.label) }), takeBack)
        void refreshRecords(client, object.key)
      })
      .catch(notify.failed)
  }
  const text = t('record.bringBack', { field: label(change.label) })
  return (
    <Tooltip title={text}>
      <Button
        type="text"
        size="small"
        className={styles.bringBack ?? ''}
        icon={<History size={13} aria-hidden />}
        aria-label={text}
        onClick={restore}
      />
    </Tooltip>
  )
}

interface SideProps extends RecordProps {
  change: HistoryChange
  side: 'old' | 'new'
}

/** One side of a change, drawn as the Field draws it; links carry the name they had. */
function Side({ change, side, object, record }: SideProps) {
  const { t } = useTranslation()
  const raw = side === 'old' ? change.old : change.new
  const name = side === 'old' ? change.old_label : change.new_label
  const field = fieldOf(object, change.field)
  if (isBlank(raw) || !field) return <span className={styles.blank}>{t('record.blank')}</span>
  const value =
    field.kind === 'link'
      ? { id: raw, label: name ?? raw }
      : field.kind === 'region'
        ? { code: raw, label: name ?? raw }
        : raw
  return (
    <span className={side === 'old' ? styles.oldValue : styles.newValue}>
      <Value field={field} object={object} record={record} value={value} />
    </span>
  )
}
