import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { App, Button, Dropdown, Input, Progress } from 'antd'
import { ChevronLeft, Ellipsis, Plus, Search } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '@/api/endpoints'
import type { Field } from '@/api/types'
import { useObject } from '@/kernel/describe'
import { useLabel } from '@/kernel/language'
import { ObjectIcon } from '@/ui/Icon'
import { useNotify } from '@/ui/useNotify'
import settings from '../settings.module.css'
import { FieldDrawer } from './fields/FieldDrawer'
import { FieldsTable } from './fields/FieldsTable'
import { OpenRetypes } from './fields/OpenRetypes'
import { RetypeDrawer } from './fields/RetypeDrawer'
import { ObjectDrawer } from './ObjectDrawer'
import { RetiredFields } from './Retired'
import { useSchemaRefresh } from './useSchema'

/** Fields that one Object can have at most. */
const mostFields = 300

type Panel = { kind: 'object' } | { kind: 'add' } | { kind: 'field' | 'retype'; field: Field } | null

/** One Object: its Fields, and how it is called and shown. */
export function ObjectPage() {
  const { object: key } = useParams({ from: '/shell/settings/objects/$object' })
  const { t } = useTranslation()
  const label = useLabel()
  const object = useObject(key)
  const [panel, setPanel] = useState<Panel>(null)
  const [typed, setTyped] = useState('')
  const close = () => setPanel(null)
  const matches = (field: Field) =>
    [field.label.zh, field.label.en, field.key].some((text) => text.toLowerCase().includes(typed.trim().toLowerCase()))
  return (
    <>
      <div className={settings.head}>
        <Link to="/settings/objects" aria-label={t('settings.objects.back')}>
          <ChevronLeft size={18} aria-hidden />
        </Link>
        <h2 className={settings.title}>
          <ObjectIcon name={object.icon} size={18} />
          {label(object.label)}
        </h2>
        <span className={settings.key}>{object.key}</span>
        <div className={settings.gauge} title={t('settings.fields.gaugeHint', { most: mostFields })}>
          <Progress
            percent={(100 * object.fields.length) / mostFields}
            showInfo={false}
            size="small"
            aria-label={t('settings.fields.gauge', { count: object.fields.length, most: mostFields })}
          />
          {object.fields.length} / {mostFields}
        </div>
        <div className={settings.headActions}>
          <ObjectMenu objectKey={key} onChange={() => setPanel({ kind: 'object' })} />
          <Button type="primary" icon={<Plus size={16} />} onClick={() => setPanel({ kind: 'add' })}>
            {t('settings.fields.add')}
          </Button>
        </div>
      </div>
      <OpenRetypes object={object} />
      <Input
        style={{ maxWidth: 280, marginBottom: 8 }}
        variant="filled"
        allowClear
        prefix={<Search size={14} aria-hidden />}
        placeholder={t('list.findField')}
        aria-label={t('list.findField')}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <FieldsTable
        object={object}
        fields={object.fields.filter(matches)}
        onOpen={(field) => setPanel({ kind: 'field', field })}
        onRetype={(field) => setPanel({ kind: 'retype', field })}
      />
      <RetiredFields object={key} />
      {panel?.kind === 'object' && <ObjectDrawer object={object} onClose={close} onSaved={close} />}
      {panel?.kind === 'add' && <FieldDrawer object={object} field={null} onClose={close} />}
      {panel?.kind === 'field' && <FieldDrawer object={object} field={panel.field} onClose={close} />}
      {panel?.kind === 'retype' && <RetypeDrawer object={object} field={panel.field} onClose={close} />}
    </>
  )
}

function ObjectMenu({ objectKey, onChange }: { objectKey: string; onChange: () => void }) {
  const { t } = useTranslation()
  const label = useLabel()
  const { modal } = App.useApp()
  const navigate = useNavigate()
  const notify = useNotify()
  const refresh = useSchemaRefresh()
  const object = useObject(objectKey)
  const name = label(object.label)
  const restore = () =>
    void api.schema
      .restoreObject(objectKey)
      .then(refresh)
      .then(() => notify.done(t('common.undone')), notify.failed)
  const retire = async () => {
    try {
      await api.schema.retireObject(objectKey)
      await navigate({ to: '/settings/objects' })
      await refresh()
      notify.done(t('settings.objects.retired', { name }), restore)
    } catch (error) {
      notify.failed(error)
    }
  }
  const ask = () =>
    modal.confirm({
      title: t('settings.objects.retireTitle', { name }),
      content: t('settings.objects.retireHint'),
      okText: t('settings.objects.retire'),
      okButtonProps: { danger: true },
      cancelText: t('common.cancel'),
      onOk: retire,
    })
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'change', label: t('settings.objects.change'), onClick: onChange },
          {
            key: 'open',
            label: t('settings.objects.open'),
            onClick: () => void navigate({ to: '/o/$object', params: { object: objectKey } }),
          },
          { type: 'divider' },
          { key: 'retire', danger: true, label: t('settings.objects.retire'), onClick: ask },
        ],
      }}
    >
      <Button icon={<Ellipsis size={16} />} aria-label={t('common.more')} />
    </Dropdown>
  )
}
