import { Button } from 'antd'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { RecordData } from '@/api/types'
import { useMaybeObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { useRecord } from '@/kernel/records'
import { Bones } from '@/ui/Bones'
import type { CreateRequest, EditRequest } from '@/ui/overlays'
import { ProblemPanel } from '@/ui/ProblemView'
import { SideDrawer } from '@/ui/SideDrawer'
import { RecordForm } from './RecordForm'
import { useRecordForm } from './useRecordForm'

interface FormDrawerProps extends CreateRequest, EditRequest {
  /** The record to edit; left out for a new one. */
  id?: string
  onClose: () => void
}

/** The form of an Object, for a new record or an existing one. */
export function FormDrawer({ object: key, id, onClose, ...request }: FormDrawerProps) {
  const object = useMaybeObject(key)
  if (!object) {
    return (
      <SideDrawer open title="" onClose={onClose} wide>
        <Bones />
      </SideDrawer>
    )
  }
  return id ? (
    <EditDrawer object={object} id={id} field={request.field} onClose={onClose} />
  ) : (
    <OpenForm
      object={object}
      record={null}
      start={request.values ?? {}}
      onSaved={request.onCreated}
      onClose={onClose}
    />
  )
}

type Described = NonNullable<ReturnType<typeof useMaybeObject>>

interface EditDrawerProps {
  object: Described
  id: string
  field: string | undefined
  onClose: () => void
}

function EditDrawer({ object, id, field, onClose }: EditDrawerProps) {
  const { data, error, refetch } = useRecord(object.key, id)
  if (data)
    return <OpenForm object={object} record={data} start={{}} field={field} onSaved={undefined} onClose={onClose} />
  return (
    <SideDrawer open title="" onClose={onClose} wide>
      {error ? <ProblemPanel error={error} onRetry={() => void refetch()} /> : <Bones />}
    </SideDrawer>
  )
}

interface OpenFormProps {
  object: Described
  record: RecordData | null
  start: Record<string, unknown>
  field?: string | undefined
  onSaved: ((id: string) => void) | undefined
  onClose: () => void
}

function OpenForm({ object, record, start, field, onSaved, onClose }: OpenFormProps) {
  const { t } = useTranslation()
  const label = useLabel()
  const formId = useId()
  const form = useRecordForm(object, record, start, (saved) => {
    onClose()
    onSaved?.(saved.id)
  })
  const title = record
    ? `${t('common.edit')} · ${String(record[object.name_field] ?? '')}`
    : t('common.createObject', { object: label(object.label) })
  return (
    <SideDrawer
      open
      wide
      title={title}
      onClose={onClose}
      footer={
        <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8 }}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" htmlType="submit" form={formId} loading={form.busy}>
            {t('common.save')}
          </Button>
        </div>
      }
    >
      <RecordForm id={formId} object={object} form={form} field={field} />
    </SideDrawer>
  )
}
