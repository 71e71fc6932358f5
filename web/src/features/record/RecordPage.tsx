import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { Button, Dropdown } from 'antd'
import { Ellipsis, Pencil, Trash2, UserLock } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ObjectDescription, RecordData } from '@/api/types'
import { ApprovalPanel } from '@/controls/approvals/ApprovalPanel'
import { FilesPanel } from '@/controls/files/FilesPanel'
import { SharingPanel } from '@/controls/sharing/SharingPanel'
import { may, useObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { useObjectOn, useRecord } from '@/kernel/records'
import { useMe } from '@/kernel/session'
import { Bones } from '@/ui/Bones'
import { ObjectIcon } from '@/ui/Icon'
import { useOverlays } from '@/ui/overlays'
import { Page } from '@/ui/Page'
import { ProblemPanel } from '@/ui/ProblemView'
import { TabStrip } from '@/ui/TabStrip'
import { usePhone } from '@/ui/usePhone'
import { Facts, HeaderFacts } from './Facts'
import { HealthTag } from './HealthTag'
import { History } from './History'
import { PersonDataDrawer } from './PersonDataDrawer'
import { RelatedRecords } from './RelatedRecords'
import styles from './record.module.css'
import { StagePath } from './StagePath'
import { FieldAskedProvider } from './stage/fieldAsked'
import { StageAnswer } from './stage/StageAnswer'
import { StageCards } from './stage/StageCards'
import { TaskOrigin } from './stage/TaskOrigin'
import { useDeleteRecord } from './useRecordActions'

const route = getRouteApi('/shell/o/$object/$id')

/** One record, read from left to right: what it is, what happened, what belongs to it. */
export function RecordPage() {
  const { object: key, id } = route.useParams()
  const object = useObjectOn(useObject(key), id)
  const { data, error, refetch } = useRecord(key, id)
  if (object && data) return <Loaded object={object} record={data} />
  return error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : <Bones />
}

function Loaded({ object, record }: { object: ObjectDescription; record: RecordData }) {
  const { t } = useTranslation()
  const label = useLabel()
  const phone = usePhone()
  const navigate = useNavigate()
  const overlays = useOverlays()
  const leave = () => void navigate({ to: '/o/$object', params: { object: object.key } })
  const remove = useDeleteRecord(object, leave)
  const { administrator } = useMe()
  const [telling, setTelling] = useState(false)
  const more = [
    ...(administrator && object.fields.some((field) => field.personal)
      ? [
          {
            key: 'person-data',
            icon: <UserLock size={14} aria-hidden />,
            label: t('privacy.title'),
            onClick: () => setTelling(true),
          },
        ]
      : []),
    ...(may(object, 'delete')
      ? [
          {
            key: 'delete',
            danger: true,
            icon: <Trash2 size={14} aria-hidden />,
            label: t('common.delete'),
            onClick: () => remove(record),
          },
        ]
      : []),
  ]
  return (
    <Page
      name={String(record[object.name_field] ?? '')}
      fill
      icon={<ObjectIcon name={object.icon} />}
      title={
        <>
          <Link to="/o/$object" params={{ object: object.key }} className={styles.crumb}>
            {label(object.label_plural)}
          </Link>
          <span className={styles.crumbMark} aria-hidden>
            /
          </span>
          {String(record[object.name_field] ?? '')}
        </>
      }
      actions={
        <>
          <HealthTag object={object} record={record} />
          {may(object, 'edit') && (
            <Button
              icon={<Pencil size={14} aria-hidden />}
              aria-label={t('common.edit')}
              onClick={() => overlays.edit(object.key, record.id)}
            >
              {phone ? null : t('common.edit')}
            </Button>
          )}
          {more.length > 0 && (
            <Dropdown menu={{ items: more }} trigger={['click']} placement="bottomRight">
              <Button icon={<Ellipsis size={16} aria-hidden />} aria-label={t('common.more')} />
            </Dropdown>
          )}
        </>
      }
      toolbar={
        <div className={styles.head}>
          <StagePath object={object} record={record} />
          <StageAnswer object={object} record={record} />
          <TaskOrigin object={object} record={record} />
          <HeaderFacts object={object} record={record} />
        </div>
      }
    >
      <RecordBody object={object} record={record} />
      <PersonDataDrawer object={object} record={record} open={telling} onClose={() => setTelling(false)} />
    </Page>
  )
}

function RecordBody({ object, record }: { object: ObjectDescription; record: RecordData }) {
  const phone = usePhone()
  return phone ? <RecordTabs object={object} record={record} /> : <RecordColumns object={object} record={record} />
}

function RecordColumns({ object, record }: { object: ObjectDescription; record: RecordData }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<{ key: string; time: number } | null>(null)
  const rows = useMemo(
    () => ({ asked, ask: (key: string) => setAsked((before) => ({ key, time: (before?.time ?? 0) + 1 })) }),
    [asked],
  )
  return (
    <FieldAskedProvider value={rows}>
      <div className={styles.columns}>
        <section className={styles.columnFacts} aria-label={t('record.facts')}>
          <Facts object={object} record={record} />
        </section>
        <section className={styles.columnHistory} aria-label={t('record.history')}>
          <h2 className={styles.columnTitle}>{t('record.history')}</h2>
          <History object={object} record={record} />
        </section>
        <section
          className={styles.columnRelated}
          aria-label={t(object.processes.length > 0 ? 'stage.next' : 'record.related')}
        >
          <StageCards object={object} record={record} />
          <ApprovalPanel object={object} record={record} />
          <SharingPanel object={object} record={record} />
          <FilesPanel object={object} record={record} />
          <RelatedRecords object={object} record={record} />
        </section>
      </div>
    </FieldAskedProvider>
  )
}

/** The same parts one at a time: on a phone and in the quick look. */
export function RecordTabs({ object, record }: { object: ObjectDescription; record: RecordData }) {
  const { t } = useTranslation()
  const parts = [
    {
      key: 'next',
      label: t('stage.next'),
      children: (
        <>
          <StageCards object={object} record={record} />
          <ApprovalPanel object={object} record={record} />
        </>
      ),
    },
    {
      key: 'facts',
      label: t('record.facts'),
      children: (
        <>
          <Facts object={object} record={record} />
          <SharingPanel object={object} record={record} />
        </>
      ),
    },
    { key: 'history', label: t('record.history'), children: <History object={object} record={record} /> },
    { key: 'files', label: t('files.title'), children: <FilesPanel object={object} record={record} /> },
    { key: 'related', label: t('record.related'), children: <RelatedRecords object={object} record={record} /> },
  ]
  const without = new Set([
    ...(object.processes.length > 0 ? [] : ['next']),
    ...(object.related.length > 0 ? [] : ['related']),
  ])
  const shown = parts.filter((part) => !without.has(part.key))
  const [chosen, setChosen] = useState('')
  const open = (shown.find((part) => part.key === chosen) ?? shown[0])?.key ?? ''
  // A part that was looked at stays, so that what was begun there is not lost by a look at another.
  const [seen, setSeen] = useState<readonly string[]>([])
  const show = (key: string) => {
    setSeen([...seen.filter((one) => one !== open && one !== key), open, key])
    setChosen(key)
  }
  return (
    <div className={styles.tabs}>
      <TabStrip label={t('record.parts')} tabs={shown} value={open} onChange={show}>
        {shown
          .filter((part) => part.key === open || seen.includes(part.key))
          .map((part) => (
            <div key={part.key} hidden={part.key !== open}>
              {part.children}
            </div>
          ))}
      </TabStrip>
    </div>
  )
}
