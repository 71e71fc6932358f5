import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Checkbox, Input } from 'antd'
import { Download, Eraser } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { ObjectDescription, PersonData, RecordData } from '@/api/types'
import { useLabel } from '@/kernel/language'
import { refreshRecords } from '@/kernel/records'
import { Bones } from '@/ui/Bones'
import { ProblemNote, ProblemPanel } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { useNotify } from '@/ui/useNotify'
import styles from './record.module.css'

interface PersonDataProps {
  object: ObjectDescription
  record: RecordData
  open: boolean
  onClose: () => void
}

/** What is held about the person of a record: told as a workbook, or erased for good. */
export function PersonDataDrawer({ object, record, open, onClose }: PersonDataProps) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery({
    queryKey: ['person-data', object.key, record.id, record.version],
    queryFn: () => api.privacy.preview(object.key, record.id),
    enabled: open,
    staleTime: 0,
  })
  return (
    <SideDrawer open={open} onClose={onClose} title={t('privacy.title')}>
      {!data && !error && <Bones rows={4} />}
      {error && !data && <ProblemPanel error={error} onRetry={() => void refetch()} />}
      {data && <Held object={object} record={record} held={data} onDone={onClose} />}
    </SideDrawer>
  )
}

interface HeldProps {
  object: ObjectDescription
  record: RecordData
  held: PersonData
  onDone: () => void
}

function Held({ object, record, held, onDone }: HeldProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const counted = (found: PersonData['certain']) =>
    found.map((one) => t('privacy.mention', { object: label(one.label), count: one.count })).join(t('privacy.comma'))
  return (
    <div className={styles.privacy}>
      <section className={styles.privacyPart}>
        <h3 className={styles.columnTitle}>{t('privacy.report')}</h3>
        <p>{t('privacy.reportLead')}</p>
        <Button icon={<Download size={15} aria-hidden />} href={api.privacy.report(object.key, record.id)}>
          {t('privacy.download')}
        </Button>
      </section>
      <section className={styles.privacyPart}>
        <h3 className={styles.columnTitle}>{t('privacy.erase')}</h3>
        <p>{t('privacy.eraseLead')}</p>
        <ul>
          <li>
            {t('privacy.fields', { fields: held.fields.map((one) => label(one.label)).join(t('privacy.comma')) })}
          </li>
          {held.files > 0 && <li>{t('privacy.files', { count: held.files })}</li>}
          {held.merged > 0 && <li>{t('privacy.merged', { count: held.merged })}</li>}
          {held.certain.length > 0 && <li>{t('privacy.certain', { where: counted(held.certain) })}</li>}
        </ul>
        <EraseForm object={object} record={record} likely={counted(held.likely)} onDone={onDone} />
      </section>
    </div>
  )
}

interface EraseProps {
  object: ObjectDescription
  record: RecordData
  likely: string
  onDone: () => void
}

function EraseForm({ object, record, likely, onDone }: EraseProps) {
  const { t } = useTranslation()
  const { modal } = App.useApp()
  const notify = useNotify()
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [everywhere, setEverywhere] = useState(false)
  const erase = useMutation({
    mutationFn: () => api.privacy.erase(object.key, record.id, { reason: reason.trim(), everywhere }),
    onSuccess: (done) => {
      void refreshRecords(client, object.key)
      notify.done(t('privacy.erased', { label: done.label }))
      onDone()
    },
  })
  const ask = () =>
    modal.confirm({
      title: t('privacy.sure', { name: String(record[object.name_field] ?? '') }),
      content: t('privacy.sureHint'),
      okText: t('privacy.eraseNow'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: () => erase.mutateAsync().catch(() => undefined),
    })
  return (
    <>
      {likely && (
        <Checkbox checked={everywhere} onChange={(event) => setEverywhere(event.target.checked)}>
          {t('privacy.everywhere', { where: likely })}
        </Checkbox>
      )}
      <Input.TextArea
        aria-label={t('privacy.reason')}
        placeholder={t('privacy.reason')}
        maxLength={500}
        autoSize={{ minRows: 2 }}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {erase.error && <ProblemNote error={erase.error} />}
      <Alert type="warning" showIcon title={t('privacy.backups')} />
      <Button
        danger
        icon={<Eraser size={15} aria-hidden />}
        disabled={reason.trim() === ''}
        loading={erase.isPending}
        onClick={ask}
      >
        {t('privacy.eraseNow')}
      </Button>
    </>
  )
}
